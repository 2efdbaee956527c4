import { beginsResult } from './report.js';
import type { View } from './view.js';

/** What is told elsewhere may turn up in the channel too, and must not be taken for something else then. */
export function toldDirectly(view: View, channelId: string): View {
  if (!beginsResult(view)) return view;
  const note = `-# Told here because <#${channelId}> took no message from me. If it turns up there too, these are the same orders.`;
  return { ...view, content: `${view.content}\n${note}` };
}
