/** Types read off the contract (`schema.d.ts`, generated: `make api-types`). Nothing here is typed by hand. */
import type { components, paths } from "./schema";

export type Schema<N extends keyof components["schemas"]> = components["schemas"][N];
export type Method = "get" | "post" | "put" | "delete";

/** The paths that take a method. */
export type PathOf<M extends Method> = {
  [P in keyof paths]: paths[P][M] extends { responses: unknown } ? P : never;
}[keyof paths];

type Operation<M extends Method, P extends PathOf<M>> = paths[P][M];
type Ok<R> = R extends { 200: infer A } ? A : R extends { 201: infer A } ? A : R extends { 202: infer A } ? A : unknown;
type Json<A> = A extends { content: { "application/json": infer B } } ? B : unknown;

export type Answer<M extends Method, P extends PathOf<M>> =
  Operation<M, P> extends { responses: infer R } ? Json<Ok<R>> : unknown;
export type Query<M extends Method, P extends PathOf<M>> =
  Operation<M, P> extends { parameters: { query?: infer Q } } ? Exclude<Q, undefined> : never;
export type Params<M extends Method, P extends PathOf<M>> =
  Operation<M, P> extends { parameters: { path: infer T } } ? T : undefined;
export type Body<M extends Method, P extends PathOf<M>> =
  Operation<M, P> extends { requestBody?: { content: { "application/json": infer B } } } ? B : undefined;

export interface Call<M extends Method, P extends PathOf<M>> {
  path?: Params<M, P>;
  query?: Query<M, P>;
  body?: Body<M, P>;
  /** `ZR7`, `MDL` or `BOTH`, for who may look at both. */
  scope?: string | undefined;
  signal?: AbortSignal;
  /** The same key is the same request: `Idempotency-Key`. */
  key?: string | undefined;
}
