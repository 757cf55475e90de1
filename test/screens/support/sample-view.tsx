import { Box } from 'ink';
import type { Command } from '../../../src/console/command.ts';
import { useViewState } from '../../../src/console/hooks.ts';
import { useResourceTable } from '../../../src/console/use-table.ts';
import { defineView, type View, type ViewProps } from '../../../src/console/view.ts';
import { TablePanel } from '../../../src/console/widgets/table.tsx';
import type { Resource } from '../../../src/fleet/resource.ts';

/** A row of the sample screens. */
export interface Parcel {
  readonly name: string;
  readonly status: string;
  readonly weight: number;
  readonly trouble?: string;
}

/** A resource whose rows the test decides, one read after the other. */
export function parcels(read: () => Parcel[] | Promise<Parcel[]>, id = 'parcels'): Resource<Parcel> {
  return {
    id,
    title: `Parcels`,
    singular: 'parcel',
    columns: [
      { id: 'name', title: 'NAME', priority: 1, cell: ({ name }) => ({ text: name }) },
      {
        id: 'status',
        title: 'STATUS',
        priority: 2,
        cell: ({ status }) => ({ text: status, tone: status === 'lost' ? 'error' : 'ok' }),
      },
      {
        id: 'weight',
        title: 'WEIGHT',
        priority: 3,
        align: 'right',
        cell: ({ weight }) => ({ text: `${weight} kg` }),
        sortKey: ({ weight }) => weight,
      },
    ],
    key: ({ name }) => name,
    arn: ({ name }) => `arn:aws:parcel:::${name}`,
    list: async function* list() {
      yield await read();
    },
    describe: async (_, row) => ({ ...row, sentAt: 0, nested: { label: 'first\nsecond' } }),
    attention: ({ trouble }) => trouble,
  };
}

/** What the sample screen tells its commands: the selected parcel of its first table. */
export interface ShelfState {
  readonly parcel: Parcel | undefined;
}

interface ShelfProps {
  readonly resource: Resource<Parcel>;
  readonly width: number;
  readonly height: number;
}

/** The first table of the screen, whose selection the commands get. */
function MainShelf(props: ShelfProps) {
  const table = useShelf(props.resource);
  useViewState({ parcel: table.selected } satisfies ShelfState);
  return <TablePanel table={table} width={props.width} height={props.height} />;
}

function Shelf({ resource, width, height }: ShelfProps) {
  return <TablePanel table={useShelf(resource)} width={width} height={height} />;
}

function useShelf(resource: Resource<Parcel>) {
  return useResourceTable(resource, undefined, { empty: 'No parcel is under way.', open: nothing });
}

function nothing(): void {}

function Shelves(resources: readonly Resource<Parcel>[], { width, height }: ViewProps<'dashboard'>) {
  return (
    <Box flexDirection="column" width={width} height={height}>
      {resources.map((resource, at) => {
        const Component = at === 0 ? MainShelf : Shelf;
        return (
          <Component
            key={resource.id}
            resource={resource}
            width={width}
            height={Math.floor(height / resources.length)}
          />
        );
      })}
    </Box>
  );
}

/** A screen of tables at the root, with commands of its own. */
export function sampleView(
  resources: readonly Resource<Parcel>[],
  commands: readonly Command<ShelfState>[] = [],
): View {
  return defineView<'dashboard', ShelfState>({
    kind: 'dashboard',
    crumbs: () => ['Shelf'],
    Component: Shelves.bind(undefined, resources),
    initialState: { parcel: undefined },
    commands,
  });
}
