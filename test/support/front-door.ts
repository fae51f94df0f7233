import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** Where a node answers, while it lives. */
export interface Door {
  readonly port: number;
  isAlive(): boolean;
}

/** One address for several nodes, as a proxy gives them: a connection goes to the next one that lives, and ends with it. */
export class FrontDoor {
  private turn = 0;
  private nodes: readonly Door[] = [];

  private constructor(
    private readonly server: Server,
    private readonly sockets: Set<Socket>,
  ) {}

  static async open(): Promise<FrontDoor> {
    const sockets = new Set<Socket>();
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const door = new FrontDoor(server, sockets);
    server.on('connection', (client) => door.lead(client));
    return door;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  to(nodes: readonly Door[]): void {
    this.nodes = nodes;
  }

  async close(): Promise<void> {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private lead(client: Socket): void {
    this.turn += 1;
    const living = this.nodes.filter((node) => node.isAlive());
    const node = living[this.turn % Math.max(1, living.length)];
    if (!node) return void client.destroy();
    const inside = connect(node.port, '127.0.0.1');
    for (const [one, other] of [
      [client, inside],
      [inside, client],
    ] as const) {
      this.sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        this.sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }
}
