/**
 * Shapes of secrets that may stand in anything that Azure, Slack, PagerDuty or a person wrote.
 * Each keeps what names the secret (group 1) and drops the secret. No pattern takes quotes, backslashes or
 * white space, so that redacted JSON is still JSON.
 */
const shapes: readonly RegExp[] = [
  // Slack: tokens, rotation tokens, and addresses that are a right by themselves.
  /()\bxox[a-z](?:\.xox[a-z])?-[\w-]+/g,
  /()\bxapp-[\w-]+/g,
  /(hooks\.slack\.com\/(?:services|commands|actions|workflows|triggers)\/)[\w/%-]+/g,
  // Authorization headers and PagerDuty's own form of them.
  /\b((?:Bearer|Basic|SharedKey|OAuth)\s+)[\w.~+/=:%-]{8,}/gi,
  /\b(Token token=)[\w.~+/=-]+/gi,
  // JSON Web Tokens.
  /()\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?/g,
  // Signed Azure addresses, and the parts of connection strings and forms.
  /\b(sig=)[\w%+/.=-]+/gi,
  /([?&]code=)[\w%+/.=-]+/gi,
  /\b((?:AccountKey|(?:Shared)?AccessKey|SharedAccessSignature|Password|Pwd|client_?secret|client_assertion|(?:access|refresh|id)_token|api_?key)\s*=\s*)[^\s"'\\;&<>]+/gi,
  // Passwords in addresses.
  /(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s"'\\/:@]*:)[^\s"'\\/@]+(?=@)/gi,
  // Fields of JSON, also of JSON within JSON.
  /(\\*"(?:password|passwd|secret|client_?secret|(?:access|refresh|id|api|bot|app)?_?-?token|api_?-?key|(?:routing|integration|account|primary|secondary|shared)_?-?key|signing_?secret|connection_?string|x-functions-key|authorization)\\*"\s*:\s*\\*")[^"\\]+/gi,
  // Storage and Cosmos keys (64 bytes in base64), Entra client secrets.
  /()(?<![\w+/])[\w+/]{86}==/g,
  /()\b[\w.~-]{3}\dQ~[\w.~-]{31,34}/g,
  // Private keys in PEM, with real or escaped line ends.
  /()-----BEGIN [A-Z ]*PRIVATE KEY-----[\w\s+/=\\]*?-----END [A-Z ]*PRIVATE KEY-----/g,
];

/**
 * The text with every secret replaced by `[redacted]`: those of a known shape, and those given.
 * Errs on the side of hiding.
 */
export function redact(text: string, known: readonly string[] = []): string {
  let clean = text;
  for (const secret of known) clean = clean.replaceAll(secret, '[redacted]');
  for (const shape of shapes) clean = clean.replace(shape, '$1[redacted]');
  return clean;
}
