using System.Numerics;
using System.Runtime.Intrinsics.X86;

namespace Calendaring.Recurrence;

/// <summary>Bits of masks by their ordinal.</summary>
internal static class Bits
{
    /// <summary>The n-th bit that is set, from 0; there must be as many.</summary>
    public static int Select(ulong mask, int ordinal)
    {
        if (Bmi2.X64.IsSupported) return BitOperations.TrailingZeroCount(Bmi2.X64.ParallelBitDeposit(1ul << ordinal, mask));
        for (; ordinal > 0; ordinal--) mask &= mask - 1;
        return BitOperations.TrailingZeroCount(mask);
    }
}
