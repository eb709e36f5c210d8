using System.Text.RegularExpressions;
using NodaTime.Text;

namespace Sandbox.Google.Series;

/// <summary>
/// §A3: an instance is MASTER_ and its original start, in UTC or as a date. The instances of a series that was split off ("_R") are named by the base id
/// without "_R…" (probe of 2026-10-05 named in README.md).
/// </summary>
public static partial class InstanceId
{
    private static readonly InstantPattern Basic = InstantPattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmss'Z'");
    private static readonly InstantPattern SplitStamp = InstantPattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmss");
    private static readonly LocalDatePattern Day = LocalDatePattern.CreateWithInvariantCulture("uuuuMMdd");

    public static string Of(string master, When original) => Base(master) + "_" + (original.Date is { } day ? Day.Format(day) : Basic.Format(original.At));

    public static string Split(string master, When at) => Base(master) + "_R" + (at.Date is { } day ? Day.Format(day) : SplitStamp.Format(at.At));

    public static string Base(string master) => SplitSuffix().Replace(master, "");

    public static bool IsSplit(string master) => SplitSuffix().IsMatch(master);

    /// <summary>The base id of what has the form of an instance's id.</summary>
    public static string? MasterOf(string id) => InstanceSuffix().Match(id) is { Success: true } match ? id[..match.Index] : null;

    [GeneratedRegex(@"_R\d{8}(T\d{6})?$")]
    private static partial Regex SplitSuffix();

    [GeneratedRegex(@"_\d{8}(T\d{6}Z)?$")]
    private static partial Regex InstanceSuffix();
}
