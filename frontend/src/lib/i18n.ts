/** Words. A feature keeps its own in `words.ts` with `defineWords`, so that they travel with its code. */
import i18next from "i18next";
import { useSyncExternalStore } from "react";
import { elided, french } from "./typography";

export type Language = "fr" | "en";
const KEPT = "rdz-language";

function kept(): Language {
  try {
    return localStorage.getItem(KEPT) === "en" ? "en" : "fr";
  } catch {
    return "fr";
  }
}

void i18next.init({
  lng: kept(),
  fallbackLng: "fr",
  resources: {},
  keySeparator: false,
  nsSeparator: ":",
  interpolation: { escapeValue: false }, // React escapes
  saveMissing: true,
  missingKeyHandler: (_languages, namespace, key) => queueMicrotask(() => reportError(new Error(`no words for ${namespace}:${key}`))),
  initAsync: false,
});

export function language(): Language {
  return i18next.language === "en" ? "en" : "fr";
}

/** Figures and dates follow the language; days stay day/month. */
export function languageTag(): string {
  return language() === "en" ? "en-GB" : "fr-FR";
}

export function setLanguage(next: Language): void {
  localStorage.setItem(KEPT, next);
  document.documentElement.lang = next;
  void i18next.changeLanguage(next);
}

export function useLanguage(): Language {
  return useSyncExternalStore(
    (changed) => {
      i18next.on("languageChanged", changed);
      return () => i18next.off("languageChanged", changed);
    },
    language,
  );
}

type Plural = "_one" | "_many" | "_other";
/** `leads_one`, `leads_many` and `leads_other` are asked for as `leads`. */
type Asked<K> = K extends `${infer Base}${Plural}` ? Base : K;
export type Params = Record<string, string | number>;
export type Translate<K extends string> = (key: Asked<K>, params?: Params) => string;

/** A feature's words: `fr` whole, `en` where it exists. Plain spaces and quotes: typography is applied here. */
export function defineWords<K extends string>(
  namespace: string,
  words: { fr: Record<K, string>; en: Partial<Record<K, string>> },
): Translate<K> {
  const typed = Object.fromEntries(Object.entries<string>(words.fr).map(([key, text]) => [key, french(text)]));
  i18next.addResourceBundle("fr", namespace, typed);
  i18next.addResourceBundle("en", namespace, words.en);
  return (key, params) => {
    const text = i18next.t(`${namespace}:${key}`, params);
    return params && language() === "fr" ? elided(text, Object.values(params)) : text;
  };
}
