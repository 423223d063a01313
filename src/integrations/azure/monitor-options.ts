import type { PipelinePolicy } from '@azure/core-rest-pipeline';

/**
 * For the clients of monitor-query: an error without Azure's body, as a proxy or a busy gateway answers, makes them
 * fail on what is missing in it and lose its status. So it gets an empty one.
 */
const bareErrors: PipelinePolicy = {
  name: 'bareErrors',
  sendRequest: async (request, next) => {
    const response = await next(request);
    if (response.status >= 400 && !hasError(response.bodyAsText)) {
      response.headers.set('content-type', 'application/json');
      response.bodyAsText = '{"error":{}}';
    }
    return response;
  },
};

function hasError(text: string | null | undefined): boolean {
  try {
    const body: unknown = JSON.parse(text ?? '');
    return typeof body === 'object' && body !== null && 'error' in body && typeof body.error === 'object';
  } catch {
    return false;
  }
}

/** What both clients are made with: tries and redirects are ours to decide. */
export const monitorOptions = {
  retryOptions: { maxRetries: 0 },
  redirectOptions: { maxRetries: 0 },
  additionalPolicies: [{ policy: bareErrors, position: 'perCall' as const }],
};
