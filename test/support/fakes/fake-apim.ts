import type { OpsError } from '../../../src/errors.ts';
import type { ApimPort, ApiService, ApiUsage } from '../../../src/ports/apim.ts';

/** API Management in memory. */
export function createFakeApim() {
  const service: ApiService = {
    name: 'apim-stamps',
    provisioningState: 'Succeeded',
    gateways: [
      { location: 'East US', url: 'https://east.example.com', enabled: true, unreachable: [] },
      { location: 'West US', url: 'https://west.example.com', enabled: true },
    ],
    globalPolicy: { elements: ['cors', 'rate-limit-by-key'] },
  };
  const state = {
    service,
    usage: undefined as ApiUsage | undefined,
    /** Of the last hour and shorter; default as `usage`. */
    hour: undefined as ApiUsage | undefined,
    days: [] as number[],
    limits: { product: 'smb-tier', state: 'active' } as Awaited<ReturnType<ApimPort['limits']>>,
    failures: new Map<keyof ApimPort, OpsError>(),
    asked: [] as unknown[],
  };
  const failing = (call: keyof ApimPort) => {
    const failure = state.failures.get(call);
    if (failure) throw failure;
  };
  const port: ApimPort = {
    async service() {
      failing('service');
      return state.service;
    },
    async usage(_id, subscription, { from, to }) {
      failing('usage');
      state.asked.push([subscription, to - from]);
      return to - from <= 3_600_000 ? (state.hour ?? state.usage) : state.usage;
    },
    async daily() {
      failing('daily');
      return state.days;
    },
    async limits() {
      failing('limits');
      return state.limits;
    },
  };
  return { port, state };
}
