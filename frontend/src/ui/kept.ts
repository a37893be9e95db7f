import { useState } from "react";

/** A choice of this person on this browser: density, columns, rail. Lost without harm. */
export function useKept<T>(name: string, first: T): [T, (next: T) => void] {
  const key = `rdz-${name}`;
  const [value, setValue] = useState<T>(() => {
    try {
      const text = localStorage.getItem(key);
      return text === null ? first : (JSON.parse(text) as T);
    } catch {
      return first;
    }
  });
  return [
    value,
    (next) => {
      setValue(next);
      try {
        localStorage.setItem(key, JSON.stringify(next));
      } catch {
        // private browsing: the choice lasts as long as the page
      }
    },
  ];
}
