import type { FastifyRequest } from 'fastify';
import { apiError } from '../base/api-error.js';
import type { Application } from '../world/model.js';
import { Body } from './body.js';
import type { Fault } from './faults.js';
import type { Charge } from './rate-limits.js';
import type { LogEntry } from './request-log.js';

/** What a request under /api carries through its hooks. */
export interface Trace {
  entry: LogEntry;
  /** The route in the OpenAPI file's spelling; null: no such route. */
  template: string | null;
  /** Whose bot token came along; null on routes that go by the token in their URL. */
  app: Application | null;
  fault: Fault | null;
  charge: Charge | null;
  /** Rate-limit scope of a 429. */
  scope: 'user' | 'global' | 'shared' | null;
  /** Seconds, of a 429 by another limit than the bucket's. */
  retryAfter: number | null;
}

const traces = new WeakMap<FastifyRequest, Trace>();

export function setTrace(request: FastifyRequest, trace: Trace): void {
  traces.set(request, trace);
}

export function traceOf(request: FastifyRequest): Trace {
  const trace = traces.get(request);
  if (!trace) throw new Error('a request without trace');
  return trace;
}

/** The application whose token the request carries. Throws 401 on routes that carry none. */
export function callerOf(request: FastifyRequest): Application {
  const { app } = traceOf(request);
  if (!app) throw apiError('unauthorized');
  return app;
}

/** The parsed body; a request without one has an empty object. */
export function bodyOf(request: FastifyRequest): Body {
  return request.body instanceof Body ? request.body : new Body(undefined);
}

/** The value of a route parameter. */
export function param(request: FastifyRequest, name: string): string {
  return (request.params as Record<string, string | undefined>)[name] ?? '';
}

/** The value of a query key, or undefined. */
export function query(request: FastifyRequest, name: string): string | undefined {
  return (request.query as Record<string, string | undefined>)[name];
}
