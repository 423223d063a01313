import { publicCertificateEnd } from '../../../src/integrations/azure/public-certificate.ts';

// Made with openssl: `req -x509`, then `crl2pkcs7 -nocrl`, as Azure answers with it.
const one =
  'MIIBtQYJKoZIhvcNAQcCoIIBpjCCAaICAQExADALBgkqhkiG9w0BBwGgggGKMIIBhjCCAS2gAwIBAgIUNG+rGnu5BLZJoewyD3uAP6N5nzwwCgYIKoZIzj0EAwIwGTEXMBUGA1UEAwwOc3RhbXBzLmV4YW1wbGUwHhcNMjYxMTI1MTMwMDAyWhcNMjcxMjMwMTMwMDAyWjAZMRcwFQYDVQQDDA5zdGFtcHMuZXhhbXBsZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABDGWLoy0GxU6ev6oQwLT9V6JyTj87HTylHdlcS4pU8zQRFDxgysmWQM8CQoLmY7J9N27xlSfSxbXsBAg7gV7WMajUzBRMB0GA1UdDgQWBBRKsy+8sWsTE4t9vQnMbJToII+lyjAfBgNVHSMEGDAWgBRKsy+8sWsTE4t9vQnMbJToII+lyjAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIAhP/sEl8y1SDPNR2wg3r5w8CmKmJqAoGWo00sKZ/2K+AiBPI+Mu2w+hvES6zdid9UYUgxKDdaQ91x58ea1XM7KBqjEA';
const two =
  'MIIDPwYJKoZIhvcNAQcCoIIDMDCCAywCAQExADALBgkqhkiG9w0BBwGgggMUMIIBhjCCAS2gAwIBAgIUNG+rGnu5BLZJoewyD3uAP6N5nzwwCgYIKoZIzj0EAwIwGTEXMBUGA1UEAwwOc3RhbXBzLmV4YW1wbGUwHhcNMjYxMTI1MTMwMDAyWhcNMjcxMjMwMTMwMDAyWjAZMRcwFQYDVQQDDA5zdGFtcHMuZXhhbXBsZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABDGWLoy0GxU6ev6oQwLT9V6JyTj87HTylHdlcS4pU8zQRFDxgysmWQM8CQoLmY7J9N27xlSfSxbXsBAg7gV7WMajUzBRMB0GA1UdDgQWBBRKsy+8sWsTE4t9vQnMbJToII+lyjAfBgNVHSMEGDAWgBRKsy+8sWsTE4t9vQnMbJToII+lyjAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIAhP/sEl8y1SDPNR2wg3r5w8CmKmJqAoGWo00sKZ/2K+AiBPI+Mu2w+hvES6zdid9UYUgxKDdaQ91x58ea1XM7KBqjCCAYYwggEroAMCAQICFF4j0tUdQ79am2UWsvK7v3UU0M9YMAoGCCqGSM49BAMCMBgxFjAUBgNVBAMMDXNob3J0LmV4YW1wbGUwHhcNMjYxMTI1MTMwMDAyWhcNMjcwMzA1MTMwMDAyWjAYMRYwFAYDVQQDDA1zaG9ydC5leGFtcGxlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEH0RaMz1huLU9xqAmET5U9rk8xo0QrBTEUwksRBv8XZsgVYRrfD7adAuzifmueXpXq9SW/f0eadNWWobaOL54GqNTMFEwHQYDVR0OBBYEFOvLIkSGLWoC8Sqj5L77DSVH4kDtMB8GA1UdIwQYMBaAFOvLIkSGLWoC8Sqj5L77DSVH4kDtMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhAJ9rZ80RYUveU0IGq/1qO7/kEJrLl1E46aVBgGdf+EByAiEAuPzrABjiuId/kEA7lVQRASKfWbJnTpCRkS2HncsNalcxAA==';
const bare =
  'MIIBhjCCAS2gAwIBAgIUNG+rGnu5BLZJoewyD3uAP6N5nzwwCgYIKoZIzj0EAwIwGTEXMBUGA1UEAwwOc3RhbXBzLmV4YW1wbGUwHhcNMjYxMTI1MTMwMDAyWhcNMjcxMjMwMTMwMDAyWjAZMRcwFQYDVQQDDA5zdGFtcHMuZXhhbXBsZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABDGWLoy0GxU6ev6oQwLT9V6JyTj87HTylHdlcS4pU8zQRFDxgysmWQM8CQoLmY7J9N27xlSfSxbXsBAg7gV7WMajUzBRMB0GA1UdDgQWBBRKsy+8sWsTE4t9vQnMbJToII+lyjAfBgNVHSMEGDAWgBRKsy+8sWsTE4t9vQnMbJToII+lyjAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIAhP/sEl8y1SDPNR2wg3r5w8CmKmJqAoGWo00sKZ/2K+AiBPI+Mu2w+hvES6zdid9UYUgxKDdaQ91x58ea1XM7KBqg==';
const [later, sooner] = [Date.parse('Dec 30 13:00:02 2027 GMT'), Date.parse('Mar  5 13:00:02 2027 GMT')] as const;

describe('the certificate that a gateway tells of itself', () => {
  it.each([
    ['in a PKCS #7', one, later],
    ['alone', bare, later],
    ['in a chain, where the earliest end counts', two, sooner],
  ])('is read %s', (_, data, end) => {
    expect(publicCertificateEnd(data)).toBe(end);
  });

  it.each(['', 'AAAA', 'not base64 at all', one.slice(0, 200), one.slice(100), `${one.slice(0, 40)}////////`])(
    'is not known from %j',
    (data) => {
      expect(publicCertificateEnd(data)).toBeUndefined();
    },
  );
});
