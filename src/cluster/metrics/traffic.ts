/** What has gone over the sockets of one lane since it is there. */
export class Traffic {
  opened = 0;
  /** Of those that were open. */
  closed = 0;
  /** Of those that never came to be. */
  failed = 0;
  /** Questions on unused sockets, to keep them open. */
  kept = 0;
  bytesIn = 0;
  bytesOut = 0;
}
