import type { AccountName } from '../domain/account-names.js';
import type { Environment } from '../domain/environment.js';
import { listText } from '../domain/text.js';

/** `…0001`; where it is one of several, also by its nickname: `…1111 (Roth IRA)`. */
export function accountText({ digits, nickname, oneOfSeveral }: AccountName): string {
  return oneOfSeveral && nickname ? `…${digits} (${nickname})` : `…${digits}`;
}

/** `…1111 (Margin)` for a headline, where it is one of several; else empty. */
export function whichAccount(name: AccountName): string {
  return name.oneOfSeveral ? accountText(name) : '';
}

/** `…1111 (Margin) and …2222 (Roth IRA)`. */
export function accountList(accounts: readonly AccountName[]): string {
  return listText(accounts.map(accountText));
}

/** `**PAPER** · account …0001`, with what else is said there. */
export function whereText(environment: Environment, name: AccountName, ...more: string[]): string {
  return [`**${environment}**`, `account ${accountText(name)}`, ...more].filter(Boolean).join(' · ');
}

/** The same as the small last line of a message. */
export function whereLine(environment: Environment, name: AccountName, ...more: string[]): string {
  return `-# ${whereText(environment, name, ...more)}`;
}
