import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

/** Counts the TCP connections that this process opens to ports other than the given ones, from now until `stop`. */
export function countNewSockets(except: readonly number[]): { stop: () => number } {
  let count = 0;
  const look = (message: unknown) => {
    const { socket } = message as { socket: Socket };
    socket.once('connect', () => {
      if (socket.remotePort !== undefined && !except.includes(socket.remotePort)) count += 1;
    });
  };
  subscribe('net.client.socket', look);
  return {
    stop: () => {
      unsubscribe('net.client.socket', look);
      return count;
    },
  };
}
