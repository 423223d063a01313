import { parseLaunchOptions } from '../../sandbox/launch-options.ts';

describe('the options of the sandbox', () => {
  it('have defaults', () => {
    expect(parseLaunchOptions([])).toEqual({
      port: 4600,
      appPort: undefined,
      data: '.stamps/sandbox',
      keep: false,
      reset: false,
      socket: false,
      app: true,
      help: false,
    });
  });

  it('are taken', () => {
    const args = [
      '--port',
      '4700',
      '--app-port=3100',
      '--data',
      'x',
      '--keep',
      '--reset',
      '--socket',
      '--no-app',
      '-h',
    ];
    expect(parseLaunchOptions(args)).toEqual({
      port: 4700,
      appPort: 3100,
      data: 'x',
      keep: true,
      reset: true,
      socket: true,
      app: false,
      help: true,
    });
  });

  it.each([
    [['--port', 'many'], '--port is “many”'],
    [['--port', '70000'], '--port is “70000”'],
    [['--port='], '--port is “”'],
    [['--prot', '1'], "Unknown option '--prot'"],
    [['extra'], "Unexpected argument 'extra'"],
  ])('are refused with a sentence: %j', (args, words) => {
    expect(() => parseLaunchOptions(args)).toThrow(words);
  });
});
