import { COLORS } from '@pipeline/event-schema';
import { columnsDrawn, drawnLayersOf, layersOf } from './lens.ts';
import { panelsOf, type Panel } from './panels.ts';
import { type SavedObject, type Surroundings } from './saved-objects.ts';

/** What Kibana would only say after the import; returns a sentence for each violation. */
export type SavedObjectRule = (objects: readonly SavedObject[], around: Surroundings) => string[];

/** The whole width of a dashboard. */
const GRID_COLUMNS = 48;
/** Counts documents, has no field. */
const RECORDS = '___records___';
/** Types of fields that an operation can be asked of. */
const OPERANDS: Readonly<Record<string, readonly string[]>> = {
  date_histogram: ['date'],
  terms: ['keyword', 'boolean', 'ip', 'integer', 'long'],
  unique_count: ['keyword', 'boolean', 'ip', 'integer', 'long'],
};

const idsAreUnique: SavedObjectRule = (objects) => {
  const names = objects.map(({ type, id }) => `${type} ${id}`);
  return names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${name} is there twice`);
};

const referencesResolve: SavedObjectRule = (objects) => {
  const known = new Set(objects.map(({ type, id }) => `${type} ${id}`));
  return objects.flatMap(({ id, references }) =>
    references
      .filter((reference) => !known.has(`${reference.type} ${reference.id}`))
      .map((reference) => `${id} refers to ${reference.type} ${reference.id}, which is not there`),
  );
};

/** Kibana refuses what a newer one has written. */
const versionsFit: SavedObjectRule = (objects, { kibana }) =>
  objects
    .filter((one) => isNewer(one.typeMigrationVersion, kibana) || isNewer(one.coreMigrationVersion, kibana))
    .map(({ id }) => `${id} is newer than Kibana ${kibana}`);

const viewHasTime: SavedObjectRule = (objects, { fields }) =>
  ofType(objects, 'index-pattern')
    .filter(({ attributes }) => fields.get(String(attributes['timeFieldName'])) !== 'date')
    .map(({ id }) => `the time field of ${id} is no date of the index`);

const fieldsExist: SavedObjectRule = (objects, { fields }) =>
  ofType(objects, 'lens').flatMap((lens) =>
    Object.values(layersOf(lens))
      .flatMap(({ columns }) => Object.values(columns))
      .filter(({ sourceField, operationType }) => {
        if (sourceField === RECORDS) return operationType !== 'count';
        return !OPERANDS[operationType]?.includes(fields.get(sourceField) ?? '');
      })
      .map(({ sourceField, operationType }) => `${lens.id} asks ${operationType} of ${sourceField}`),
  );

/** Every column that is ordered by, drawn or listed is one of its layer, and every layer has its data view. */
const layersAreWhole: SavedObjectRule = (objects) =>
  ofType(objects, 'lens').flatMap((lens) => {
    const layers = layersOf(lens);
    const drawn = drawnLayersOf(lens);
    const broken = Object.entries(layers).filter(([layerId, { columns, columnOrder }]) => {
      const order = Object.values(columns).flatMap(({ params }) => params?.orderBy?.columnId ?? []);
      const named = [...order, ...drawn.filter((one) => one.layerId === layerId).flatMap(columnsDrawn)];
      const view = `indexpattern-datasource-layer-${layerId}`;
      return (
        [...columnOrder].sort().join() !== Object.keys(columns).sort().join() ||
        named.some((column) => !(column in columns)) ||
        !lens.references.some(({ type, name }) => type === 'index-pattern' && name === view)
      );
    });
    const unknown = drawn.filter(({ layerId }) => !(layerId in layers)).map(({ layerId }) => layerId);
    return [...broken.map(([layerId]) => layerId), ...unknown].map(
      (id) => `${lens.id}: layer ${id} is not whole`,
    );
  });

/** Red is drawn red: a picture that splits by colour has one for each that can be picked. */
const colorsAreTheirOwn: SavedObjectRule = (objects) =>
  ofType(objects, 'lens').flatMap((lens) =>
    drawnLayersOf(lens)
      .filter((layer) =>
        columnsDrawn(layer).some(
          (id) => layersOf(lens)[layer.layerId]?.columns[id]?.sourceField === 'color_name',
        ),
      )
      .flatMap(({ colorMapping }) => {
        const mapped = colorMapping?.assignments.flatMap(({ rule }) => rule.values) ?? [];
        return COLORS.filter((color) => !mapped.includes(color)).map(
          (color) => `${lens.id} has no colour for ${color}`,
        );
      }),
  );

/** Each panel shows an object that is referred to, within the grid and beside the others. */
const panelsFit: SavedObjectRule = (objects) =>
  ofType(objects, 'dashboard').flatMap((dashboard) => {
    const panels = panelsOf(dashboard);
    const lost = panels.filter(
      ({ panelIndex, panelRefName }) =>
        !dashboard.references.some(({ name }) => name === `${panelIndex}:${panelRefName}`),
    );
    const misplaced = panels.filter(
      ({ gridData: { x, w } }, index) =>
        x < 0 ||
        x + w > GRID_COLUMNS ||
        panels.slice(0, index).some((before) => overlap(before, panels[index])),
    );
    return [...lost, ...misplaced].map(
      ({ panelIndex }) => `${dashboard.id}: panel ${panelIndex} does not fit`,
    );
  });

/** Nothing is imported that no dashboard shows. */
const everythingIsShown: SavedObjectRule = (objects) => {
  const used = new Set(objects.flatMap(({ references }) => references.map(({ id }) => id)));
  return objects
    .filter(({ type, id }) => type !== 'dashboard' && !used.has(id))
    .map(({ id }) => `${id} is on no dashboard`);
};

export const SAVED_OBJECT_RULES: Readonly<Record<string, SavedObjectRule>> = {
  colorsAreTheirOwn,
  everythingIsShown,
  fieldsExist,
  idsAreUnique,
  layersAreWhole,
  panelsFit,
  referencesResolve,
  versionsFit,
  viewHasTime,
};

function ofType(objects: readonly SavedObject[], type: string): SavedObject[] {
  return objects.filter((object) => object.type === type);
}

function isNewer(version: string, than: string): boolean {
  return version.localeCompare(than, 'en', { numeric: true }) > 0;
}

function overlap({ gridData: a }: Panel, panel: Panel | undefined): boolean {
  if (!panel) return false;
  const b = panel.gridData;
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}
