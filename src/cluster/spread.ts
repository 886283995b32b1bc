/** A measurement takes so many reads of replies, or so long and so many replies. */
const BLOCK_READS = 8;
const BLOCK_MS = 2;
const BLOCK_REPLIES = 16;
/** Of so many measurements the median counts: a pause of client or server spoils one of them. */
const WINDOW_BLOCKS = 24;
/** More are kept when replies come so much sooner, … */
const WORTH_MORE = 1.08;
/** Where a request and its reply have more bytes than this, each further socket costs memory that lives long, … */
const LONG = 32 * 1024;
/**
 * … so more are kept only if they bring more than chance does: two standard errors of the difference of two medians, in
 * ranges that the middle half of the measurements lies in. Of `n` that are spread normally, the median's is 0.93 of it / √n.
 */
const CHANCE = 2 * (0.93 / Math.sqrt(WINDOW_BLOCKS));
/** Fewer are kept when replies come no later: each socket costs reads and writes. */
const WORTH_FEWER = 1;
/** More are not tried unless this share of the reads brought replies that had waited for others. */
const LEAST_WAITED = 0.25;
/** Windows between two tries: the least, and the most once tries have brought nothing again and again. */
const LEAST_REST = 4;
const MOST_REST = 32;
/** Replies that take so many times as long, or as short, as at the last try show that what was found out is out of date. */
const CHANGED = 2;
/** A request is late once it takes this many times what is usual, … */
const LATE_FACTOR = 4;
/** … and never before: pauses of a few milliseconds are everyday for any process. */
const LATE_LEAST_MS = 10;
/** Requests on a socket at most, as long as another may be opened: so many are held up at once when one of them is stuck. */
const SHARE_FATE = 32;
/** Weight of a new value in the running mean of what is usual. */
const WEIGHT = 1 / 16;

/** What a window of measurements has shown. */
interface Findings {
  /** Median time to a reply. */
  readonly responseMs: number;
  /** The range that the middle half of the measurements lies in, relative to their median. */
  readonly range: number;
  readonly inFlight: number;
  /** Share of the reads that brought replies that had waited for others. */
  readonly waited: number;
  /** Of a request and its reply, about. */
  readonly bytes: number;
}

/** Bytes of all requests and replies so far. */
interface Moved {
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** How it was before the number of sockets was changed. */
interface Trial extends Findings {
  readonly sockets: number;
}

/**
 * Decides over how many sockets the short commands of a node are spread. A server works on the requests of one socket
 * one after the other. Where each takes microseconds, few sockets with many requests on each save reads and writes; where
 * each waits for a disk they queue up behind each other, and more sockets let the server work on more at a time.
 *
 * Which of the two it is shows in what a change brings. While requests wait for those before them more sockets are
 * tried, else or if that was in vain fewer, and kept if replies come sooner. A server that is busy all the time is no
 * faster with more, and a client that is busy all the time is slower. Measurements on a disk differ widely and more sockets
 * do no harm there, so any gain will do; those with long messages have to be more than chance.
 */
export class Spread {
  readonly #most: number;
  readonly #moved: Moved;
  #sockets = 1;
  /** The fastest reply ever: the network's part and the least of the server's. */
  #leastMs = Number.POSITIVE_INFINITY;
  /** What a request usually takes once nothing is before it. */
  #usualMs = 0;
  /** The current block: when it began, its reads, its replies, and the sum of what was under way at each read. */
  #since = 0;
  #reads = 0;
  #replies = 0;
  #underWay = 0;
  /** Since when nothing is under way. */
  #idleSince = 0;
  /**
   * The current window: mean time to a reply by block; replies and reads in all, and reads of replies that had waited for
   * others; what had been moved when it began.
   */
  readonly #responses = new Float64Array(WINDOW_BLOCKS);
  #blocks = 0;
  #inFlight = 0;
  #repliesInAll = 0;
  #readsInAll = 0;
  #waited = 0;
  #bytesBefore = 0;
  #trial: Trial | undefined;
  /** After a change: how long requests that were spread as before are still answered; until when, NaN if not known yet. */
  #settlingMs = 0;
  #settledAt = Number.NaN;
  /** Which way the last try went in vain. */
  #vain: "more" | "fewer" | undefined;
  /** Windows to let pass before the next try, and how many that are after a try in vain. */
  #rest = 0;
  #nextRest = LEAST_REST;
  /** What a reply took before the last try. */
  #triedAtMs = 0;

  /**
   * @param most sockets
   * @param moved bytes of the lane, which go on counting
   */
  constructor(most: number, moved: Moved) {
    this.#most = most;
    this.#moved = moved;
  }

  /** Sockets to spread so many requests over: as many as bring replies sooner, and enough for none to hold up too many. */
  socketsFor(inFlight: number): number {
    return Math.max(this.#sockets, this.#leastFor(inFlight));
  }

  /** How long a request without others before it may take before its socket is avoided. */
  get lateAfterMs(): number {
    const least = this.#leastMs === Number.POSITIVE_INFINITY ? 0 : this.#leastMs;
    return Math.max(LATE_LEAST_MS, LATE_FACTOR * Math.max(least, this.#usualMs));
  }

  /** Takes so many at least, as far as that is allowed, whatever they bring. */
  raise(least: number): void {
    const sockets = Math.min(least, this.#most);
    if (this.#sockets >= sockets) return;
    this.#trial = undefined;
    this.#vain = "fewer";
    this.#change(sockets, 0);
  }

  /** Opening a socket took this long: no reply will be faster. */
  onOpened(ms: number): void {
    if (this.#leastMs === Number.POSITIVE_INFINITY) this.#usualMs = ms;
  }

  /**
   * Replies came in one read.
   * @param responseMs from when the first of their requests left to now
   * @param backlogMs how long of that another reply was still to come before it
   * @param left requests under way after it, on all sockets
   */
  onReplies(now: number, replies: number, responseMs: number, backlogMs: number, left: number): void {
    if (responseMs < this.#leastMs) this.#leastMs = responseMs;
    // One that is stuck says little about the next.
    const took = Math.min(responseMs - backlogMs, 2 * this.lateAfterMs);
    this.#usualMs += WEIGHT * (took - this.#usualMs);
    // A time without requests is no time that they took.
    this.#since += Math.max(0, now - responseMs - this.#idleSince);
    this.#idleSince = left === 0 ? now : Number.POSITIVE_INFINITY;
    if (Number.isNaN(this.#settledAt)) this.#settledAt = now + this.#settlingMs;
    if (now <= this.#settledAt) {
      this.#beginBlock(now);
      this.#bytesBefore = this.#bytes;
      return;
    }
    // Nothing is told of the replies that came while a socket opened: their bytes don't count either.
    if (this.#blocks === 0 && this.#reads === 0) this.#bytesBefore = this.#bytes;
    this.#reads++;
    this.#replies += replies;
    this.#underWay += left + replies;
    // The network's part of the way is no wait: requests pass it together.
    if (backlogMs > this.#leastMs) this.#waited++;
    if (this.#reads === BLOCK_READS || (now - this.#since >= BLOCK_MS && this.#replies >= BLOCK_REPLIES)) {
      this.#endBlock(now);
    }
  }

  #beginBlock(now: number): void {
    this.#since = now;
    this.#reads = 0;
    this.#replies = 0;
    this.#underWay = 0;
  }

  #endBlock(now: number): void {
    const inFlight = this.#underWay / this.#reads;
    this.#responses[this.#blocks++] = ((now - this.#since) * inFlight) / this.#replies;
    this.#inFlight += inFlight / WINDOW_BLOCKS;
    this.#repliesInAll += this.#replies;
    this.#readsInAll += this.#reads;
    this.#beginBlock(now);
    if (this.#blocks < WINDOW_BLOCKS) return;
    const [low, median, high] = quartersOf(this.#responses.sort());
    const found = {
      responseMs: median,
      range: (high - low) / median,
      inFlight: this.#inFlight,
      waited: this.#waited / this.#readsInAll,
      bytes: (this.#bytes - this.#bytesBefore) / this.#repliesInAll,
    };
    this.#beginWindow();
    if (this.#trial !== undefined) this.#judge(this.#trial, found);
    else if (this.#hasRested(median)) this.#try(found);
  }

  #beginWindow(): void {
    this.#blocks = 0;
    this.#inFlight = 0;
    this.#repliesInAll = 0;
    this.#readsInAll = 0;
    this.#waited = 0;
    this.#bytesBefore = this.#bytes;
  }

  get #bytes(): number {
    return this.#moved.bytesIn + this.#moved.bytesOut;
  }

  #hasRested(responseMs: number): boolean {
    if (responseMs > CHANGED * this.#triedAtMs || responseMs < this.#triedAtMs / CHANGED) {
      this.#rest = 0;
      this.#nextRest = LEAST_REST;
    }
    return this.#rest-- <= 0;
  }

  /** From as many as are in use: what lies below the least for so many requests would change nothing. */
  #try(found: Findings): void {
    const { responseMs, inFlight, waited } = found;
    const sockets = this.socketsFor(inFlight);
    const least = this.#leastFor(inFlight);
    const canGrow = waited > LEAST_WAITED && sockets < this.#most;
    const canShrink = sockets > least;
    const grows = canGrow && (this.#vain !== "more" || !canShrink);
    if (!grows && !canShrink) return;
    this.#triedAtMs = responseMs;
    this.#trial = { ...found, sockets };
    const next = grows ? Math.min(this.#most, 2 * sockets) : Math.max(least, Math.floor((3 * sockets) / 4));
    this.#change(next, responseMs);
  }

  #leastFor(inFlight: number): number {
    return Math.max(1, Math.min(this.#most, Math.ceil(inFlight / SHARE_FATE)));
  }

  #judge(trial: Trial, found: Findings): void {
    const { responseMs, inFlight, range, bytes } = found;
    this.#trial = undefined;
    const triedMore = this.#sockets > trial.sockets;
    // Where requests queue up, twice as many take twice as long; where they do not, fewer take no less.
    const ratio = inFlight / Math.max(1, trial.inFlight);
    const gain = (trial.responseMs / responseMs) * (triedMore ? Math.max(1, ratio) : Math.min(1, ratio));
    const chance = bytes > LONG ? CHANCE * Math.hypot(trial.range, range) : 0;
    if (gain > (triedMore ? WORTH_MORE + chance : WORTH_FEWER)) {
      this.#vain = undefined;
      this.#nextRest = LEAST_REST;
      this.#try(found);
      return;
    }
    this.#vain = triedMore ? "more" : "fewer";
    this.#rest = this.#nextRest;
    this.#nextRest = Math.min(MOST_REST, 2 * this.#nextRest);
    this.#change(trial.sockets, responseMs);
  }

  #change(sockets: number, settlingMs: number): void {
    this.#sockets = sockets;
    this.#settlingMs = settlingMs;
    this.#settledAt = Number.NaN;
    this.#beginWindow();
  }
}

/** What a quarter, a half and three quarters of numbers in order lie below. */
function quartersOf(sorted: Float64Array): readonly [number, number, number] {
  const { length } = sorted;
  return [sorted[length >> 2]!, sorted[length >> 1]!, sorted[(3 * length) >> 2]!];
}
