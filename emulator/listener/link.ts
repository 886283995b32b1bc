/** A client's byte stream as a node sees it, whatever carries it. */
export interface Link {
  /** Who is at the other end: "127.0.0.1:40123". */
  readonly peer: string;
  /** False when the client does not keep up: wait for `onDrain`. The bytes are the link's from here on. */
  write(bytes: Uint8Array): boolean;
  pause(): void;
  resume(): void;
  /** Ends the stream once everything written has gone out. */
  end(): void;
  /** Cuts the stream off at once. */
  destroy(): void;
}

/** What a link tells the node. After `onClose` nothing more comes. */
export interface LinkHandler {
  /** Bytes as they came, in order; the array is the handler's to keep. */
  onData(bytes: Uint8Array): void;
  /** The client sends no more, but may still read. */
  onEnd(): void;
  onDrain(): void;
  onClose(): void;
}

/** Takes a new link in; undefined turns the client away. */
export type Accept = (link: Link) => LinkHandler | undefined;

/** A node's open port. */
export interface Listener {
  readonly port: number;
  /** Stops taking clients in; those that are in stay. */
  close(): Promise<void>;
}

/** A way for nodes to be reached. */
export interface Network {
  /** @param port 0 for any that is free */
  listen(host: string, port: number, accept: Accept): Promise<Listener>;
  /** As {@link listen}, without the TLS that there is; undefined where nodes have one port. */
  readonly listenInTheClear?: Network["listen"] | undefined;
}
