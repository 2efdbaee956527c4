import { describeContract, parseOcc } from '../../domain/occ.js';

/** `QQQ 18 Dec 26 480 P` from a broker symbol alone; stock symbols stay as they are. */
export function describeTerseSymbol(symbol: string): string {
  const option = parseOcc(symbol);
  return option ? describeContract({ symbol, underlying: option.root, multiplier: 100, option }) : symbol;
}
