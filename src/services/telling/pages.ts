import { type Channel, ChannelRefused, ChannelUnavailable } from '../../ports/channel.js';

/** A message of one page or more, and where it goes. */
export interface Paged<Page> {
  channelId: string;
  pages: readonly Page[];
  mentions: readonly string[];
  silent?: boolean;
  /** What the first page answers. */
  repliesTo?: string;
  /** Of the first page; the others' are made from it. */
  nonce: string;
}

/**
 * Brings a message out, all of its pages: those of an earlier try are brought up to date in their places, the rest
 * follow one after another, and what is too many goes. So a message that was cut short is continued, not repeated, and
 * one that has grown loses nothing.
 *
 * @param begun what is out of it already (`channel/message`), in order
 * @returns where its pages are, in order
 * @throws ChannelRefused if not one page is out; ChannelUnavailable, with `maybeSent` once one is
 */
export async function putPages<Page extends object>(
  channel: Pick<Channel<Page>, 'post' | 'edit' | 'remove'>,
  { channelId, pages, mentions, silent = false, repliesTo, nonce }: Paged<Page>,
  begun: readonly string[] = [],
): Promise<string[]> {
  const refs = [...begun];
  try {
    for (const surplus of refs.slice(pages.length)) await channel.remove(surplus);
    refs.length = Math.min(refs.length, pages.length);
    for (const [index, page] of pages.entries()) {
      const there = refs[index];
      if (there !== undefined) await unlessGone(channel.edit(there, page));
      else {
        const pageNonce = index === 0 ? nonce : `${nonce}.${index}`;
        const manner = {
          ...(silent && { silent }),
          ...(index === 0 && repliesTo !== undefined && { repliesTo }),
        };
        const { ref, isEarlier } = await channel.post({
          channelId,
          page,
          mentions,
          nonce: pageNonce,
          ...manner,
        });
        refs.push(ref);
        // Only whoever waits for it still knows that this page is the later one.
        if (isEarlier) await unlessGone(channel.edit(ref, page));
      }
    }
  } catch (error) {
    throw refs.length === 0 ? error : begunAnyway(error);
  }
  return refs;
}

/** Somebody removed the page meanwhile; what it said is theirs to miss. */
async function unlessGone(edit: Promise<void>): Promise<void> {
  try {
    await edit;
  } catch (error) {
    if (!(error instanceof ChannelRefused && error.gone)) throw error;
  }
}

/** A failure after a first page is out: whatever it says, it isn't that nothing was posted. */
function begunAnyway(error: unknown): unknown {
  if (!(error instanceof ChannelRefused || error instanceof ChannelUnavailable)) return error;
  const retryAfterMs = error instanceof ChannelUnavailable ? error.retryAfterMs : null;
  return new ChannelUnavailable(
    { code: 'PART_POSTED', after: error.reason },
    {
      maybeSent: true,
      retryAfterMs,
      cause: error,
    },
  );
}
