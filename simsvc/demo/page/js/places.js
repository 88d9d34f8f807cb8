// Where people stand in the picture of an organisation: tiers one above the other, the crowd of customers beyond.

export const WIDTH = 600;
export const HEIGHT = 500;
export const COLUMNS = 25;
export const CROWD_FROM = 292;
const LEFT = 22;
const NAMES = 92; // room for the names of the tiers
const DEEPEST = 188; // how far the crowd reaches down at most
const PITCH_Y = 30; // between two rows that have room

/** Middle of the chart. */
export const CENTRE = (NAMES + WIDTH) / 2 - 4;
const PITCH_X = (WIDTH - 2 * LEFT) / (COLUMNS - 1);

/** Evenly spread places from left to right. */
function spread(number, from, to) {
  return Array.from({ length: number }, (_, k) => from + ((k + 0.5) * (to - from)) / number);
}

/**
 * Places of everybody, for the upright chart.
 * @param layout levels of managers, as the server tells them.
 * @param positions departments of staff by position; -1 where there is no position now.
 * @param flat whether nobody stands above the front line: managers stand in one row beside it.
 */
export function places(layout, positions, flat) {
  const levels = Math.max(1, ...layout.levels);
  const heights = flat ? { 1: 150, 2: 150, 3: 150 } : levels > 2 ? { 3: 28, 2: 84, 1: 150 } : { 2: 46, 1: 132 };
  const staffAt = 224;
  const departments = Math.max(...positions) + 1;
  const teams = layout.levels.filter((level) => level === 1).length;
  const blocks = spread(departments, NAMES, WIDTH - 8);
  const blockWidth = (WIDTH - 8 - NAMES) / departments;
  const size = Math.max(...blocks.map((_, d) => positions.filter((department) => department === d).length));
  const rows = size * departments > 16 ? 2 : 1;
  const perRow = Math.ceil(size / rows);
  const gap = Math.min((blockWidth * 0.92) / perRow, 52);
  const staffRadius = Math.min(gap * 0.42, rows > 1 ? 14 : 21);
  const seen = new Map();
  const staff = positions.map((department) => {
    if (department < 0) return { x: CENTRE, y: 0 };
    const k = seen.get(department) ?? 0;
    seen.set(department, k + 1);
    const row = Math.floor(k / perRow);
    const inRow = Math.min(perRow, size - row * perRow);
    return {
      x: blocks[department] + ((k % perRow) - (inRow - 1) / 2) * gap,
      y: rows > 1 ? (row - 0.5) * staffRadius * 2.35 : 0,
    };
  });
  const pools = Math.min(departments, teams);
  const taken = new Map();
  const managers = layout.levels.map((level, m) => {
    const same = layout.levels.filter((other) => other === level).length;
    const first = layout.levels.indexOf(level);
    if (flat) return { x: spread(layout.levels.length, NAMES, WIDTH - 8)[m], y: 0, level, pool: m };
    if (level > 1) return { x: spread(same, CENTRE - same * 45, CENTRE + same * 45)[m - first], y: 0, level };
    const pool = m % pools;
    const mine = blocks.filter((_, department) => department % pools === pool);
    const beside = taken.get(pool) ?? 0;
    taken.set(pool, beside + 1);
    const inPool = layout.levels.filter((other, k) => other === 1 && k % pools === pool).length;
    const centre = mine.reduce((sum, x) => sum + x, 0) / mine.length;
    return { x: centre + (beside - (inPool - 1) / 2) * 44, y: 0, level, pool };
  });
  return {
    staff, managers, staffRadius, pools,
    managerRadius: levels > 2 ? 16 : 22,
    tiers: { staff: staffAt, ...heights },
    departments: positions,
  };
}

/** Rows of a crowd. */
function rowsOf(seats) {
  return Math.max(Math.ceil(seats / COLUMNS), 1);
}

/** Between two rows of the crowd: the more people, the closer they stand. */
function pitchOf(seats) {
  return Math.min(PITCH_Y, DEEPEST / Math.max(rowsOf(seats) - 1, 1));
}

/** Place of a seat in a crowd of so many; rows are counted from the one nearest to the front line. */
export function seatPlace(seat, seats) {
  return {
    x: LEFT + (seat % COLUMNS) * PITCH_X + Math.sin(seat * 12.9898) * 2.2,
    y: CROWD_FROM + Math.floor(seat / COLUMNS) * pitchOf(seats) + Math.cos(seat * 78.233) * 1.6,
  };
}

/** How far down the crowd reaches. */
export function crowdDepth(seats) {
  return CROWD_FROM + (rowsOf(seats) - 1) * pitchOf(seats);
}
