import type { Reply } from './json-server.ts';

/** A refusal in Azure Resource Manager's words: `{ error: { code, message } }`. */
export class ArmFault extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }

  get reply(): Reply {
    const { status, headers, code, message } = this;
    return { status, headers: { ...headers, 'x-ms-failure-cause': 'gateway' }, body: { error: { code, message } } };
  }
}

export function resourceNotFound(type: string, name: string, group: string): ArmFault {
  return new ArmFault(
    404,
    'ResourceNotFound',
    `The Resource '${type}/${name}' under resource group '${group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );
}

export function invalid(code: string, message: string): ArmFault {
  return new ArmFault(400, code, message);
}
