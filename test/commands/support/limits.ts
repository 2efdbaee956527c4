import { ComponentType } from 'discord.js';
import { expect } from 'vitest';
import type { View } from '../../../src/screens/view.js';

/**
 * Claims that Discord takes this message: https://docs.discord.com/developers/resources/message and
 * /components/reference. Numbers are written out here, independent of what the views believe.
 */
export function expectWithinLimits({ content, embeds, components }: View): void {
  expect(content.length).toBeLessThanOrEqual(2000);
  expect(content.length + embeds.length).toBeGreaterThan(0);
  expect(embeds.length).toBeLessThanOrEqual(10);
  let text = 0;
  for (const { title = '', description = '', fields = [], footer } of embeds) {
    expect(title.length).toBeLessThanOrEqual(256);
    expect(description.length).toBeLessThanOrEqual(4096);
    expect(fields.length).toBeLessThanOrEqual(25);
    expect(footer?.text.length ?? 0).toBeLessThanOrEqual(2048);
    text += title.length + description.length + (footer?.text.length ?? 0);
    expect(title.length + description.length + fields.length).toBeGreaterThan(0);
    for (const { name, value } of fields) {
      expect(name.length).toBeGreaterThan(0);
      expect(name.length).toBeLessThanOrEqual(256);
      expect(value.length).toBeGreaterThan(0);
      expect(value.length).toBeLessThanOrEqual(1024);
      text += name.length + value.length;
    }
  }
  expect(text).toBeLessThanOrEqual(6000);
  expectComponents(components);
}

function expectComponents(rows: View['components']): void {
  expect(rows.length).toBeLessThanOrEqual(5);
  const ids: string[] = [];
  for (const { components } of rows) {
    expect(components.length).toBeGreaterThan(0);
    expect(components.length).toBeLessThanOrEqual(5);
    for (const each of components) {
      if (!('custom_id' in each)) continue;
      ids.push(each.custom_id);
      expect(each.custom_id.length).toBeGreaterThan(0);
      expect(each.custom_id.length).toBeLessThanOrEqual(100);
      if (each.type === ComponentType.Button && 'label' in each) {
        expect(each.label?.length).toBeGreaterThan(0);
        expect(each.label?.length).toBeLessThanOrEqual(80);
      }
      if (each.type === ComponentType.StringSelect) {
        expect(each.options.length).toBeGreaterThan(0);
        expect(each.options.length).toBeLessThanOrEqual(25);
        expect(new Set(each.options.map(({ value }) => value)).size).toBe(each.options.length);
        for (const { label, description = '', value } of each.options) {
          expect(label.length).toBeGreaterThan(0);
          expect(Math.max(label.length, description.length, value.length)).toBeLessThanOrEqual(100);
        }
      }
    }
  }
  expect(new Set(ids).size).toBe(ids.length);
}

/** Everything a person reads over all messages, as one text; no-break spaces as the spaces they look like. */
export function textOf(views: readonly View[]): string {
  return views
    .flatMap(({ content, embeds }) => [
      ...embeds.flatMap(({ title, description, fields = [], footer }) => [
        title,
        description,
        ...fields.flatMap(({ name, value }) => [name, value]),
        footer?.text,
      ]),
      content,
    ])
    .filter(Boolean)
    .join('\n')
    .replaceAll('\u00a0', ' ')
    .replaceAll('\u2060', '');
}

/** What is left to whoever has embeds switched off. */
export function plainTextOf(views: readonly View[]): string {
  return textOf(views.map((view) => ({ ...view, embeds: [] })));
}

/** Labels of all buttons. */
export function labelsOf(views: readonly View[]): string[] {
  return views
    .flatMap(({ components }) => components.flatMap((row) => row.components))
    .flatMap((each) => ('label' in each && each.label ? [each.label] : []));
}
