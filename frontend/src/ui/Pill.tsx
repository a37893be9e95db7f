import { IconAlertOctagon, IconAlertTriangle, IconCheck, IconInfoCircle } from "@tabler/icons-react";
import { useLanguage } from "@/lib/i18n";
import { textOf, wordOf, type Dictionary, type Tone } from "@/words/states";

const ICONS = { info: IconInfoCircle, success: IconCheck, warning: IconAlertTriangle, danger: IconAlertOctagon };

/** Word, icon and colour: never colour alone (design.md 8). */
export function TonePill({ tone, children }: { tone: Tone; children: string }) {
  const Icon = tone === "neutral" ? null : ICONS[tone];
  return (
    <span className={`pill pill-${tone}`}>
      {Icon ? <Icon size={12} stroke={2} aria-hidden /> : <span className="pill-dot" aria-hidden />}
      {children}
    </span>
  );
}

/** `<Pill of={leadStatus} value={lead.status} />`. */
export function Pill<K extends string>({ of, value }: { of: Dictionary<K>; value: K }) {
  useLanguage();
  return <TonePill tone={wordOf(of, value).tone}>{textOf(of, value)}</TonePill>;
}
