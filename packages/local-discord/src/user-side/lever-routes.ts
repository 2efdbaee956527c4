import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Core } from '../core.js';
import type { Gateway } from '../gateway/gateway.js';
import { Close, Op } from '../gateway/protocol.js';
import type { Faults } from '../rest/faults.js';
import type { RequestLog } from '../rest/request-log.js';
import { changeWorld } from '../world/changes.js';
import { ClockBody, FaultBody, GatewayBody, WorldBody } from './bodies.js';

export interface LeverParts {
  core: Core;
  gateway: Gateway;
  faults: Faults;
  log: RequestLog;
}

/** What only a test may do: look at the log, break things, move the clock, change the world. */
export function leverRoutes(local: FastifyInstance, { core, gateway, faults, log }: LeverParts): void {
  local.get('/log', async (request: FastifyRequest) => {
    const { since } = request.query as { since?: string };
    return { requests: log.since(Number(since ?? 0) || 0), invalid: log.invalid, refused: log.refused };
  });

  local.post('/faults', async (request) => {
    faults.arm(FaultBody.parse(request.body));
    return { armed: faults.list() };
  });
  local.get('/faults', async () => ({ armed: faults.list() }));
  local.delete('/faults', async () => {
    faults.clear();
    return { armed: [] };
  });

  local.get('/gateway', async () => ({
    sessions: [...gateway.sessions.values()].map((session) => ({
      id: session.id,
      bot: session.appId,
      connected: session.connection !== null,
      seq: session.seq,
      intents: session.intents,
      shard: session.shard,
    })),
  }));

  local.post('/gateway', async (request) => {
    const { action, bot, code, times, resumable } = GatewayBody.parse(request.body);
    const connections = gateway.connected(bot);
    if (action === 'pause') gateway.pause();
    if (action === 'resume') gateway.resume();
    if (action === 'refuse') gateway.refuseNext(code ?? Close.unknownError, times);
    for (const connection of connections) {
      if (action === 'drop') connection.socket.terminate();
      if (action === 'close') gateway.cut(connection, code ?? Close.unknownError, 'closed on request');
      if (action === 'reconnect') connection.control(Op.reconnect);
      if (action === 'heartbeat') connection.control(Op.heartbeat);
      if (action === 'invalid-session') gateway.invalidate(connection, resumable);
    }
    return { sessions: connections.length };
  });

  local.post('/clock', async (request) => {
    core.clock.advance(ClockBody.parse(request.body).advance_ms);
    return { now: new Date(core.clock.now()).toISOString() };
  });

  local.post('/world', async (request) => changeWorld(core, WorldBody.parse(request.body)));
}
