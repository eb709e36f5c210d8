using System.Globalization;
using System.Text.Json.Serialization;

namespace Practice.Appointments;

/// <summary>A patient as an appointment knows them.</summary>
/// <param name="Reference">The patient's id in the practice.</param>
/// <param name="GivenName">Given names; may be empty.</param>
/// <param name="FamilyName">Family name; may be empty.</param>
/// <param name="Phone">Phone number, or null.</param>
public sealed record Patient(string Reference, string GivenName, string FamilyName, string? Phone = null)
{
    /// <summary>Given and family name.</summary>
    [JsonIgnore]
    public string FullName => $"{GivenName} {FamilyName}".Trim();

    /// <summary>First letters of given and family name.</summary>
    [JsonIgnore]
    public string Initials => First(GivenName) + First(FamilyName);

    /// <summary>The first of the given names; the initials when there is none.</summary>
    [JsonIgnore]
    public string FirstName => GivenName.Split(' ', Trimmed) is [var first, ..] ? first : Initials;

    private const StringSplitOptions Trimmed = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;

    private static string First(string name) => StringInfo.GetNextTextElement(name.TrimStart()).ToUpper(CultureInfo.InvariantCulture);
}
