/** ZR7 square, MDL round, the name always written (design.md 9). */
export function EntityBadge({ code }: { code: string | null | undefined }) {
  if (!code) return <span className="muted">–</span>;
  return <span className={`entity entity-${code === "MDL" ? "mdl" : "zr7"}`}>{code}</span>;
}
