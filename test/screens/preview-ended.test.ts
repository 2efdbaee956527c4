import { expect, it } from 'vitest';
import { closedView } from '../../src/screens/preview.js';
import { PREVIEW_ENDS } from '../../src/screens/preview-forms.js';

it.each(['expired', 'stale', 'superseded', 'cancelled'] as const)(
  'a preview that ended as %s speaks of its orders alone: its press may have cancelled the one it was in place of',
  (status) => {
    const { content } = closedView({ id: 'p1', status, messageIds: ['1'] }, []);
    expect(content).toContain('No order was sent.');
    expect(content).not.toContain('Nothing was sent');
  },
);

it('so does one whose end is shown at once', () => {
  for (const text of Object.values(PREVIEW_ENDS)) expect(text).toContain('No order was sent.');
});
