// Loaded into a bot before its own code: its drawing process can't load its library (BROKEN_PICTURES=bare), or never
// answers (deaf).
import children from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';

const { fork } = children;
const NO_RESVG = new URL('no-resvg.mjs', import.meta.url).href;
/** Its own code is never reached. */
const DEAF = `data:text/javascript,${encodeURIComponent('setInterval(() => {}, 1000); await new Promise(() => {});')}`;

children.fork = (program, parameters, options) => {
  if (!program.includes('pictures')) return fork(program, parameters, options);
  const first = process.env.BROKEN_PICTURES === 'bare' ? NO_RESVG : DEAF;
  return fork(program, parameters, { ...options, execArgv: ['--import', first] });
};
syncBuiltinESMExports();
