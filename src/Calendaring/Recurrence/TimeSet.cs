using System.Numerics;

namespace Calendaring.Recurrence;

/// <summary>
/// A set of times of day, the product of hours, minutes and seconds, kept as three bit masks: the next time and the n-th time are found without walking the up to
/// 86 400 times it may stand for.
/// </summary>
internal readonly struct TimeSet(uint hours, ulong minutes, ulong seconds)
{
    /// <summary>All hours.</summary>
    public const uint AllHours = 0xff_ffff;

    /// <summary>All minutes, or all seconds.</summary>
    public const ulong AllSixty = 0x0fff_ffff_ffff_ffff;

    private readonly uint _hours = hours;
    private readonly ulong _minutes = minutes;
    private readonly ulong _seconds = seconds;

    /// <summary>How many times there are.</summary>
    public int Count => BitOperations.PopCount(_hours) * CountInHour;

    /// <summary>How many times an hour of the set has.</summary>
    public int CountInHour => BitOperations.PopCount(_minutes) * CountInMinute;

    /// <summary>How many times a minute of the set has.</summary>
    public int CountInMinute => BitOperations.PopCount(_seconds);

    /// <summary>Those of one hour.</summary>
    public TimeSet OfHour(int hour) => new(_hours & (1u << hour), _minutes, _seconds);

    /// <summary>Those of one minute.</summary>
    public TimeSet OfMinute(int hour, int minute) => new(_hours & (1u << hour), _minutes & (1ul << minute), _seconds);

    /// <summary>The first time at or after a second of the day, or -1.</summary>
    public int Next(int secondOfDay)
    {
        if (secondOfDay >= CivilDay.Seconds) return -1;
        var (hour, rest) = Math.DivRem(secondOfDay, 3600);
        if ((_hours >> hour & 1) != 0)
        {
            var (minute, second) = Math.DivRem(rest, 60);
            if ((_minutes >> minute & 1) != 0 && NextBit(_seconds, second) is var s and < 64) return (hour * 3600) + (minute * 60) + s;
            if (NextBit(_minutes, minute + 1) is var m and < 64) return (hour * 3600) + (m * 60) + BitOperations.TrailingZeroCount(_seconds);
        }
        return NextBit(_hours, hour + 1) is var h and < 64
            ? (h * 3600) + (BitOperations.TrailingZeroCount(_minutes) * 60) + BitOperations.TrailingZeroCount(_seconds)
            : -1;
    }

    /// <summary>The n-th time, from 0.</summary>
    public int Select(int index)
    {
        var perMinute = BitOperations.PopCount(_seconds);
        var (minuteIndex, secondIndex) = Math.DivRem(index, perMinute);
        var (hourIndex, minuteOfHour) = Math.DivRem(minuteIndex, BitOperations.PopCount(_minutes));
        return (Bits.Select(_hours, hourIndex) * 3600) + (Bits.Select(_minutes, minuteOfHour) * 60) + Bits.Select(_seconds, secondIndex);
    }

    private static int NextBit(ulong mask, int from) => from > 63 ? 64 : BitOperations.TrailingZeroCount(mask >> from << from);
}
