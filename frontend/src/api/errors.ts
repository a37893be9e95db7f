/** What went wrong, as the interface shows it. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    /** Stable code of the API; `offline` when nothing answered. */
    readonly code: string,
    readonly detail: string | Record<string, string>,
    readonly requestId: string,
  ) {
    super(typeof detail === "string" ? detail : Object.values(detail).join(" "));
  }

  /** Sentences by field of the form, when the refusal names fields. */
  get fields(): Record<string, string> {
    return typeof this.detail === "object" ? this.detail : {};
  }
}

export async function errorOf(response: Response): Promise<ApiError> {
  try {
    const body = (await response.json()) as { error: string; detail: string | Record<string, string>; request_id: string };
    return new ApiError(response.status, body.error, body.detail ?? "", body.request_id ?? "");
  } catch {
    return new ApiError(response.status, "internal", "", response.headers.get("x-request-id") ?? "");
  }
}

export const OFFLINE = () => new ApiError(0, "offline", "", "");
