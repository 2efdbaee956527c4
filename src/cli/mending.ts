import type { Environment } from '../domain/environment.js';
import { UserError } from '../domain/errors.js';
import { toldNowhereView } from '../screens/command-line.js';
import { orderView } from '../screens/orders.js';
import { forgottenView, reconcileViews } from '../screens/reconcile.js';
import type { View } from '../screens/view.js';
import { type AccessRules, type Actor, assertMay } from '../services/access/access.js';
import type { Adoption } from '../services/orders/adoption.js';
import type { ReconcileService } from '../services/orders/reconcile.js';
import type { MendRequest } from './arguments.js';

/** Who is asked. */
interface Services {
  adoption: Pick<Adoption, 'adoptable' | 'adopt' | 'forgettable' | 'forget'>;
  reconciling: Pick<ReconcileService, 'read'>;
  access: AccessRules;
  environment: Environment;
}

/** What is to be mended, as it stands, and the way to do it. Nothing is sent. */
export interface Mending {
  views: View[];
  /** @returns what to say then, and the plan by which the order is told of */
  mend(): Promise<{ planId: string; views: View[] }>;
}

/** @throws UserError, BrokerError where it can't be, or can't be known now */
export async function mendingOf(
  { how, orderId }: Pick<MendRequest, 'how' | 'orderId'>,
  actor: Actor,
  services: Services,
): Promise<Mending> {
  const { adoption, access, environment } = services;
  // What is only shown is shown to whoever may do it.
  assertMay(access, actor, 'trade');
  if (how === 'adopt') {
    const { book, order } = await adoption.adoptable(orderId);
    return {
      views: [orderView(book, order, environment)],
      mend: async () => ({ planId: await adoption.adopt(orderId, actor), views: [toldNowhereView()] }),
    };
  }
  const { intentId, views } = await gone(orderId, services);
  return {
    views,
    async mend() {
      const intent = await adoption.forget(intentId, actor);
      return { planId: intent.planId, views: [forgottenView(intent, environment)] };
    },
  };
}

/** The order of ours by that number which the broker doesn't know. */
async function gone(orderId: string, { adoption, reconciling, environment }: Services) {
  const { accounts, unread } = await reconciling.read(null);
  for (const account of accounts) {
    for (const finding of account.findings) {
      if (finding.kind !== 'stale' || finding.intent.brokerOrderId !== orderId) continue;
      const intent = await adoption.forgettable(finding.intent.id);
      const found = { kind: 'stale', intent, order: null, unknown: true } as const;
      const views = reconcileViews({ ...account, matched: [], findings: [found] }, environment);
      return { intentId: intent.id, views };
    }
  }
  const [hidden] = unread;
  if (hidden) throw hidden.error;
  throw new UserError('FORGET_IMPOSSIBLE', { orderId }, 'nothing-more');
}
