/** Every pair of colours that the dashboard puts together can be read, in both themes; no other file holds a colour. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const SRC = `${process.cwd()}/src/`;
const css = readFileSync(`${SRC}ui/tokens.css`, "utf8");

function theme(selector: string): Record<string, string> {
  const block = css.slice(css.indexOf(selector));
  const body = block.slice(block.indexOf("{") + 1, block.indexOf("}"));
  return Object.fromEntries([...body.matchAll(/--([\w-]+):(#[0-9A-F]{6})/g)].map((one) => [one[1]!, one[2]!]));
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255).map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const GROUNDS = ["bg", "surface", "subtle", "hover", "selected"];
const TONES = ["neutral", "info", "success", "warning", "danger"];
/** [ink, ground]: read as text. */
const TEXT: [string, string][] = [
  ...["text", "text-2"].flatMap((ink) => GROUNDS.map((ground): [string, string] => [ink, ground])),
  ...["accent", "accent-hover"].flatMap((ink) => GROUNDS.map((ground): [string, string] => [ink, ground])),
  ["on-accent", "accent"], ["on-accent", "accent-hover"], ["on-entity", "zr7"], ["on-entity", "mdl"],
  ...TONES.flatMap((tone): [string, string][] => [[tone, `${tone}-bg`], [tone, "surface"]]),
  ["v-ink", "v1"], ["v-ink", "v2"], ["v-ink", "v3"], ["v-light", "v4"], ["v-light", "v5"],
];
/** [mark, ground]: borders of controls, curves; 3:1 is enough. */
const MARKS: [string, string][] = [["control", "surface"], ...["c1", "c2", "c3", "c4"].map((one): [string, string] => [one, "surface"])];

describe.each([[":root"], ["[data-mantine-color-scheme=dark]"]])("colours of %s", (selector) => {
  const colours = theme(selector);
  it("can be read", () => {
    const weak = [...TEXT.map((pair) => [...pair, 4.5] as const), ...MARKS.map((pair) => [...pair, 3] as const)]
      .map(([ink, ground, least]) => ({ pair: `${ink} on ${ground}`, ratio: contrast(colours[ink]!, colours[ground]!), least }))
      .filter((one) => !(one.ratio >= one.least));
    expect(weak).toEqual([]);
  });
});

it("are the same names in both themes", () => {
  expect(Object.keys(theme("[data-mantine-color-scheme=dark]")).sort()).toEqual(Object.keys(theme(":root")).sort());
});

it("are nowhere else", () => {
  const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((one) => /\.(css|tsx?)$/.test(one));
  const own = new Set(["ui/tokens.css", "ui/tokens.test.ts", "api/schema.d.ts"]);
  const found = files.filter((one) => !own.has(one) && /#[0-9A-Fa-f]{3,8}\b(?!\/)|\b(?:rgb|hsl)a?\(/.test(readFileSync(SRC + one, "utf8")));
  expect(found).toEqual([]);
});
