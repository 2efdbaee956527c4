/** The tree a Discord text becomes; rendering it is another module's work, so parsing is testable alone. */
export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'bold' | 'italic' | 'underline' | 'strike' | 'spoiler'; children: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'link'; url: string; children: Inline[] }
  | { kind: 'user' | 'role' | 'channel'; id: string }
  | { kind: 'everyone'; text: string }
  | { kind: 'command'; id: string; name: string }
  | { kind: 'emoji'; name: string }
  | { kind: 'time'; unix: number; style: string }
  | { kind: 'break' };

export interface ListItem {
  children: Inline[];
  /** A nested list under this item, if any. */
  nested: Block[];
}

export type Block =
  | { kind: 'paragraph'; children: Inline[] }
  | { kind: 'heading'; level: 1 | 2 | 3; children: Inline[] }
  | { kind: 'subtext'; children: Inline[] }
  | { kind: 'quote'; children: Block[] }
  | { kind: 'list'; ordered: boolean; start: number; items: ListItem[] }
  | { kind: 'codeblock'; lang: string; text: string };
