// Where people stand in the picture of an organisation: tiers one above the other, the crowd of customers beyond.

export const WIDTH = 600;
export const HEIGHT = 460;
export const COLUMNS = 30;
const LEFT = 22;
const NAMES = 76; // room for the names of the tiers

/** Middle of the chart. */
export const CENTRE = (NAMES + WIDTH) / 2 - 4;
const PITCH = (WIDTH - 2 * LEFT) / (COLUMNS - 1);
const ROW = 20;
const CROWD_FROM = 266;

/** Evenly spread places from left to right. */
function spread(number, from, to) {
  return Array.from({ length: number }, (_, k) => from + ((k + 0.5) * (to - from)) / number);
}

/**
 * Places of everybody, for the upright chart.
 * @param layout departments of staff by position, levels of managers, as the server tells them.
 */
export function places(layout) {
  const levels = Math.max(1, ...layout.levels);
  const heights = levels > 2 ? { 3: 26, 2: 80, 1: 140 } : { 2: 42, 1: 122 };
  const staffAt = 208;
  const departments = Math.max(...layout.departments) + 1;
  const teams = layout.levels.filter((level) => level === 1).length;
  const blocks = spread(departments, NAMES, WIDTH - 8);
  const blockWidth = (WIDTH - 8 - NAMES) / departments;
  const size = Math.ceil(layout.departments.length / departments);
  const rows = size * departments > 16 ? 2 : 1;
  const perRow = Math.ceil(size / rows);
  const gap = Math.min((blockWidth * 0.92) / perRow, 52);
  const staffRadius = Math.min(gap * 0.42, rows > 1 ? 13 : 19);
  const seen = new Map();
  const staff = layout.departments.map((department) => {
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
    managerRadius: levels > 2 ? 15 : 20,
    tiers: { staff: staffAt, ...heights },
    departments: layout.departments,
  };
}

/** Place of a seat in the crowd; rows are counted from the one nearest to the front line. */
export function seatPlace(seat) {
  const row = Math.floor(seat / COLUMNS);
  const shift = Math.sin(seat * 12.9898) * 2.2;
  return {
    x: LEFT + (seat % COLUMNS) * PITCH + shift,
    y: CROWD_FROM + row * ROW + Math.cos(seat * 78.233) * 2,
  };
}

/** How far down the crowd reaches. */
export function crowdDepth(seats) {
  return CROWD_FROM + (Math.ceil(seats / COLUMNS) - 1) * ROW;
}

export { CROWD_FROM };
