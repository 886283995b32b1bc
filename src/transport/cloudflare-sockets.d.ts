// What this package uses of `cloudflare:sockets`, a module that workerd brings along.
declare module "cloudflare:sockets" {
  interface SocketAddress {
    hostname: string;
    port: number;
  }
  interface SocketOptions {
    secureTransport?: "off" | "on" | "starttls";
    allowHalfOpen?: boolean;
  }
  interface ByteReader {
    read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array }>;
    cancel(reason?: unknown): Promise<void>;
  }
  interface ByteWriter {
    write(bytes: Uint8Array): Promise<void>;
  }
  interface CloudflareSocket {
    readonly readable: { getReader(): ByteReader };
    readonly writable: { getWriter(): ByteWriter };
    readonly opened: Promise<unknown>;
    readonly closed: Promise<void>;
    close(): Promise<void>;
  }
  export function connect(address: SocketAddress, options?: SocketOptions): CloudflareSocket;
}
