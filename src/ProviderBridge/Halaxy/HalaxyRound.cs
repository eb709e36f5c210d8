using System.Text.Json.Serialization;
using NodaTime;

namespace ProviderBridge.Halaxy;

/// <summary>
/// A round of those appointments that are too old for the comparisons: a few at a time are asked for one by one, and all once a week. Only so is it found out that one was deleted of which no webhook told.
/// </summary>
/// <param name="Began">When it began.</param>
/// <param name="After">Up to which appointment it has come, by Halaxy's ids; null when it is done.</param>
public sealed record HalaxyRound(Instant Began, string? After)
{
    /// <summary>How many are asked for at one comparison.</summary>
    private const int AtOnce = 100;
    private static readonly Duration Every = Duration.FromDays(7);

    /// <summary>How many were asked for by now.</summary>
    [JsonIgnore]
    private int Asked { get; init; }

    /// <summary>The round that goes on, or begins; null when the last one is done and was not long ago.</summary>
    public static HalaxyRound? Next(HalaxyRound? last, Instant now)
    {
        var isOver = last is null || last.Began > now || (last.After is null && last.Began <= now - Every);
        return isOver ? new HalaxyRound(now, "") : last!.After is null ? null : last with { Asked = 0 };
    }

    /// <summary>Whether an appointment is asked for now: they come in the order of their ids.</summary>
    public bool Takes(string id) => Asked < AtOnce && string.CompareOrdinal(id, After) > 0;

    /// <summary>It after an appointment was asked for.</summary>
    public HalaxyRound Past(string id) => this with { After = id, Asked = Asked + 1 };

    /// <summary>It after all were seen of which it could ask for some.</summary>
    public HalaxyRound AtEnd() => Asked < AtOnce ? this with { After = null } : this;
}
