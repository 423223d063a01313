import { createRequire } from 'node:module';
import type { EChartsOption } from 'echarts';
import { theme } from './theme.ts';

/** 160 ms to load, so not before the first chart; Node's own `require` takes echarts' single file, not its 700. */
let loaded: typeof import('echarts') | undefined;

/** The chart as SVG, drawn without a document. */
export function chartSvg(option: EChartsOption, height: number): string {
  loaded ??= createRequire(import.meta.url)('echarts') as typeof import('echarts');
  const chart = loaded.init(null, null, { renderer: 'svg', ssr: true, width: theme.width, height });
  try {
    chart.setOption({
      animation: false,
      backgroundColor: theme.background,
      textStyle: { fontFamily: theme.font, color: theme.text, fontSize: theme.sizes.small },
      ...option,
    });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}
