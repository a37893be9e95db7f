import { t } from "./words";

export function Lines({ count = 3, height = 16 }: { count?: number; height?: number }) {
  return (
    <div className="skeletons" role="status" aria-label={t("loading")}>
      {Array.from({ length: count }, (_, one) => (
        <span key={one} className="skeleton" style={{ height, width: `${92 - ((one * 17) % 40)}%` }} />
      ))}
    </div>
  );
}

/** The frame before one knows who is signed in. */
export function FrameSkeleton() {
  return (
    <div className="frame-skeleton">
      <Lines count={6} />
    </div>
  );
}
