import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * On closing, cuts connections that never sent a request (a browser opens some ahead). Node counts them as busy, so that closing
 * would wait for them until the connection timeout.
 */
export function cutSilentConnections(instance: Pick<FastifyInstance, 'server' | 'addHook'>): void {
  const silent = new Set<Socket>();
  instance.server.on('connection', (socket: Socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  instance.server.on('request', ({ socket }) => silent.delete(socket));
  instance.addHook('preClose', (done) => {
    for (const socket of silent) socket.destroy();
    done();
  });
}
