import type { Environment } from '../domain/environment.js';
import { UserError } from '../domain/errors.js';
import { toldNowhereView } from '../screens/command-line.js';
import { orderView } from '../screens/orders.js';
import { forgottenView, reconcileViews } from '../screens/reconcile.js';
import type { View } from '../screens/view.js';
import type { Actor } from '../services/access/access.js';
import type { Adoption } from '../services/orders/adoption.js';
import type { ReconcileService } from '../services/orders/reconcile.js';
import type { MendRequest } from './arguments.js';

/** Who is asked. */
interface Services {
  adoption: Pick<Adoption, 'adoptable' | 'adopt' | 'forget'>;
  reconciling: Pick<ReconcileService, 'read'>;
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
  const { adoption, environment } = services;
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
async function gone(orderId: string, { reconciling, environment }: Services) {
  const { accounts, unread } = await reconciling.read(null);
  for (const account of accounts) {
    for (const finding of account.findings) {
      if (finding.kind !== 'stale' || !finding.unknown || finding.intent.brokerOrderId !== orderId) continue;
      const views = reconcileViews({ ...account, matched: [], findings: [finding] }, environment);
      return { intentId: finding.intent.id, views };
    }
  }
  const [hidden] = unread;
  if (hidden) throw hidden.error;
  throw new UserError('FORGET_IMPOSSIBLE', { orderId }, 'nothing-more');
}
