// Loaded into a drawing process before its own code: the library that draws can't be loaded.
import { register } from 'node:module';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) register(import.meta.url);

export function resolve(name, context, next) {
  if (name === '@resvg/resvg-js') throw new Error(`Cannot find package '${name}'`);
  return next(name, context);
}
