/* The minimal workload in C, with the keyed random numbers of simsvc: Philox4x32-10 (Salmon et al. 2011). */
#include <math.h>
#include <stdint.h>

enum { NEED_GAP = 2, CASE = 3, SERVICE = 5 };
static const double contact = 0.05, passes_up = 0.7, step = 0.3, start = 0.7, drop = 0.01, relax = 0.1;

typedef struct { double u[4]; } block;

static inline block uniforms(const uint32_t *key, uint32_t entity, uint32_t day, uint32_t purpose)
{
    uint32_t c[4] = {entity, day, purpose << 24, 0}, k0 = key[0], k1 = key[1];
    for (int round = 0; round < 10; round++) {
        uint64_t a = (uint64_t)0xD2511F53 * c[0], b = (uint64_t)0xCD9E8D57 * c[2];
        uint32_t next[4] = {(uint32_t)(b >> 32) ^ c[1] ^ k0, (uint32_t)b, (uint32_t)(a >> 32) ^ c[3] ^ k1, (uint32_t)a};
        for (int i = 0; i < 4; i++)
            c[i] = next[i];
        k0 += 0x9E3779B9;
        k1 += 0xBB67AE85;
    }
    block drawn;
    for (int i = 0; i < 4; i++)
        drawn.u[i] = (c[i] + 0.5) * 0x1p-32;
    return drawn;
}

static inline int32_t gap(double u)
{
    return 1 + (int32_t)(log(u) / log(1.0 - contact));
}

static inline double normal(double u1, double u2)
{
    return sqrt(-2.0 * log(u1)) * cos(2.0 * M_PI * u2);
}

void begin(const uint32_t *key, int32_t *due, int64_t customers)
{
    for (int64_t i = 0; i < customers; i++)
        due[i] = gap(uniforms(key, (uint32_t)i, 0, NEED_GAP).u[0]) - 1;
}

void live(const uint32_t *key, int64_t first, int64_t days, int64_t customers, int64_t staff, int64_t managers,
          double *restrict level, int32_t *restrict due, int64_t *restrict woken, const double *restrict skill,
          double *restrict morale, int64_t *restrict passed_up, const double *restrict manager_skill,
          double *restrict manager_morale, int64_t *restrict counts)
{
    for (int64_t day = first; day < first + days; day++) {
        int64_t found = 0;
        for (int64_t i = 0; i < customers; i++) {
            woken[found] = i;
            found += due[i] <= day;
        }
        for (int64_t k = 0; k < found; k++) {
            int64_t i = woken[k];
            block c = uniforms(key, (uint32_t)i, (uint32_t)day, CASE), d = uniforms(key, (uint32_t)i, (uint32_t)day, SERVICE);
            int64_t server = (int64_t)(c.u[0] * staff);
            double quality;
            if (c.u[1] < passes_up) {
                passed_up[server]++;
                server = (int64_t)(c.u[2] * managers);
                quality = manager_skill[server] * (0.5 + 0.5 * manager_morale[server]);
            } else {
                quality = skill[server] * (0.5 + 0.5 * morale[server]);
            }
            double now = level[i] + step * (quality + 0.1 * normal(d.u[0], d.u[1]) - level[i]);
            if (c.u[3] < 1.0 / (1.0 + exp(8.0 * (now - 0.2)))) {
                now = start;
                counts[1]++;
            }
            level[i] = now;
            due[i] = (int32_t)day + gap(d.u[2]);
        }
        counts[0] += found;
        for (int64_t j = 0; j < staff; j++) {
            double kept = fmax(morale[j] - drop * passed_up[j], 0.0);
            morale[j] = kept + relax * (start - kept);
            passed_up[j] = 0;
        }
        for (int64_t j = 0; j < managers; j++)
            manager_morale[j] += relax * (start - manager_morale[j]);
    }
}
