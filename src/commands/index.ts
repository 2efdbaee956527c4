import { audit } from './audit.js';
import { board } from './board.js';
import { cancel } from './cancel.js';
import { close } from './close.js';
import type { Command } from './command.js';
import { halt } from './halt.js';
import { help } from './help.js';
import { history } from './history.js';
import { orders } from './orders.js';
import { positions } from './positions.js';
import { reconcile } from './reconcile.js';
import { remind } from './remind.js';
import { resume } from './resume.js';
import { settings } from './settings.js';
import { setup } from './setup.js';
import { status } from './status.js';
import { targets } from './targets.js';

/** A new one is a file beside these, its test, and a line here: `/help` tells of it in the words of its description. */
const TOLD: readonly Command[] = [
  targets,
  positions,
  orders,
  board,
  history,
  audit,
  cancel,
  close,
  reconcile,
  remind,
  setup,
  settings,
  halt,
  resume,
  status,
];

/** Every slash command. */
export const COMMANDS: readonly Command[] = [...TOLD, help(TOLD)];
