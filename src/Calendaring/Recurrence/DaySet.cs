using System.Numerics;
using System.Runtime.CompilerServices;

namespace Calendaring.Recurrence;

/// <summary>A set of days in one period of a rule (a year at most), as bits counted from the period's first day: ordered and without doubles by nature.</summary>
internal struct DaySet(int firstDay)
{
    private const int WordCount = 6;

    private Words _words;

    /// <summary>The day number of bit 0.</summary>
    public int FirstDay { get; } = firstDay;

    /// <summary>How many days are in the set.</summary>
    public readonly int Count
    {
        get
        {
            var count = 0;
            for (var i = 0; i < WordCount; i++) count += BitOperations.PopCount(_words[i]);
            return count;
        }
    }

    /// <summary>Adds a day.</summary>
    public void Add(int index) => _words[index >> 6] |= 1ul << (index & 63);

    /// <summary>Adds the days whose bits are set in a mask, counted from an index.</summary>
    public void AddMask(int index, ulong mask)
    {
        var (word, shift) = (index >> 6, index & 63);
        _words[word] |= mask << shift;
        if (shift != 0 && mask >> (64 - shift) is var rest and not 0) _words[word + 1] |= rest;
    }

    /// <summary>Adds days that follow each other.</summary>
    public void AddRange(int index, int count) => AddWeekly(index, count, 0x7f);

    /// <summary>Adds those of the days that follow each other which are on days of the week.</summary>
    /// <param name="index">The first day.</param>
    /// <param name="count">How many days.</param>
    /// <param name="days">Seven bits; bit 0 is the day of the week of the first day.</param>
    public void AddWeekly(int index, int count, uint days)
    {
        const int Chunk = 63;
        // nine weeks, each a copy of the seven bits
        var weeks = days * 0x0102_0408_1020_4081ul;
        for (; count > 0; index += Chunk, count -= Chunk) AddMask(index, count >= Chunk ? weeks : weeks & ((1ul << count) - 1));
    }

    /// <summary>Removes every day that the other set, of the same period, does not have.</summary>
    public void Intersect(in DaySet other)
    {
        for (var i = 0; i < WordCount; i++) _words[i] &= other._words[i];
    }

    /// <summary>The first day at or after an index, or -1.</summary>
    public readonly int Next(int index)
    {
        var word = index >> 6;
        if (word >= WordCount) return -1;
        var bits = _words[word] >> (index & 63) << (index & 63);
        while (bits == 0)
        {
            if (++word == WordCount) return -1;
            bits = _words[word];
        }
        return (word << 6) + BitOperations.TrailingZeroCount(bits);
    }

    /// <summary>The n-th day, from 0; there must be as many.</summary>
    public readonly int Select(int ordinal)
    {
        var word = 0;
        for (var count = BitOperations.PopCount(_words[0]); ordinal >= count; count = BitOperations.PopCount(_words[word]))
        {
            ordinal -= count;
            word++;
        }
        return (word << 6) + Bits.Select(_words[word], ordinal);
    }

    [InlineArray(WordCount)]
    private struct Words
    {
        private ulong _first;
    }
}
