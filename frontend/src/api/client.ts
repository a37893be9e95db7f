/** The one place that calls the API: cookies, CSRF, scope, one silent refresh, one shape of error. */
import { ApiError, errorOf, OFFLINE } from "./errors";
import type { Answer, Call, Method, PathOf } from "./types";

const backend = document.querySelector<HTMLMetaElement>('meta[name="rdz-backend"]')?.content ?? "";
const LOST = new EventTarget();

export async function call<M extends Method, P extends PathOf<M>>(
  method: M,
  path: P,
  given: Call<M, P> = {},
): Promise<Answer<M, P>> {
  const send = () => request(method, path, given as Loose);
  let response = await send();
  if (response.status === 401 && !path.startsWith("/api/auth/log")) {
    if (await refreshed()) response = await send();
    if (response.status === 401) LOST.dispatchEvent(new Event("lost"));
  }
  if (!response.ok) throw await errorOf(response);
  if (response.status === 204) return undefined as Answer<M, P>;
  return (await response.json()) as Answer<M, P>;
}

/** Told when the session is over; the answer stops listening. */
export function onSessionLost(told: () => void): () => void {
  LOST.addEventListener("lost", told);
  return () => LOST.removeEventListener("lost", told);
}

/** The address of something that the browser opens by itself: a file, a stream. */
export function address(path: string, query: Record<string, unknown> = {}): string {
  return `${backend}${path}${search(query)}`;
}

interface Loose {
  path?: Record<string, string>;
  query?: Record<string, unknown>;
  body?: unknown;
  scope?: string;
  signal?: AbortSignal;
  key?: string;
}

async function request(method: Method, path: string, given: Loose): Promise<Response> {
  const filled = path.replace(/{(\w+)}/g, (_, name: string) => encodeURIComponent(given.path?.[name] ?? ""));
  const headers: Record<string, string> = { Accept: "application/json" };
  if (given.scope) headers["X-Entity-Scope"] = given.scope;
  if (method !== "get") headers["X-CSRF-Token"] = csrf();
  if (given.key) headers["Idempotency-Key"] = given.key;
  if (given.body !== undefined) headers["Content-Type"] = "application/json";
  try {
    return await fetch(address(filled, given.query), {
      method: method.toUpperCase(),
      headers,
      credentials: "include",
      body: given.body === undefined ? null : JSON.stringify(given.body),
      signal: given.signal ?? null,
    });
  } catch (failure) {
    if (given.signal?.aborted) throw failure;
    throw OFFLINE();
  }
}

/** One refresh at a time in the whole browser: the tabs that waited find the new cookies (ui.md, correction 9). */
async function refreshed(): Promise<boolean> {
  const before = csrf();
  const work = async () => {
    if (before && csrf() !== before) return true;
    if (!before) return false;
    try {
      return (await request("post", "/api/auth/refresh", {})).ok;
    } catch {
      return false;
    }
  };
  return "locks" in navigator ? await navigator.locks.request("rdz-refresh", work) : work();
}

function csrf(): string {
  const found = /(?:^|; )(?:__Host-)?rdz-csrf=([^;]*)/.exec(document.cookie);
  return found?.[1] ? decodeURIComponent(found[1]) : "";
}

function search(query: Record<string, unknown>): string {
  const told = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null && one !== "") told.append(name, String(one));
    }
  }
  const text = told.toString();
  return text ? `?${text}` : "";
}

export { ApiError };
