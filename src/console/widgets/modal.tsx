import { Box } from 'ink';
import type { ReactNode } from 'react';
import type { Row } from '../row.ts';
import { panelRows } from './panel.tsx';
import { Rows } from './text.tsx';

/** The cells that a dialog may cover. */
export interface Area {
  readonly width: number;
  readonly height: number;
}

/** A box in the middle of an area, over what is there. Children get `width - 4` cells. */
export function Modal({
  title,
  note,
  width,
  height,
  area,
  children,
}: {
  title: Row;
  note?: Row;
  width: number;
  height: number;
  area: Area;
  children: ReactNode;
}) {
  return (
    <Box
      position="absolute"
      width={width}
      height={height}
      marginLeft={Math.max(0, Math.floor((area.width - width) / 2))}
      marginTop={Math.max(0, Math.floor((area.height - height) / 2))}
    >
      <Rows rows={panelRows({ title, note, rows: [], width, height, focused: true })} width={width} fill />
      <Box
        position="absolute"
        marginLeft={2}
        marginTop={1}
        width={width - 4}
        height={height - 2}
        flexDirection="column"
      >
        {children}
      </Box>
    </Box>
  );
}
