/** The account menu asks for the tour; the frame shows it. */
const listeners = new Set<() => void>();

export function askTour(): void {
  listeners.forEach((one) => one());
}

export function onTourAsked(act: () => void): () => void {
  listeners.add(act);
  return () => void listeners.delete(act);
}
