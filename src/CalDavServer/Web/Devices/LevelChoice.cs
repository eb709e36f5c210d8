using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Diaries;
using Practice.Groups;
using ProviderBridge.Sync;

namespace CalDavServer.Web.Devices;

/// <summary>The choice of a privacy level, each with what it would show of an appointment of the practitioner's own.</summary>
/// <param name="Question">What is asked.</param>
/// <param name="Preview">The appointment at each level.</param>
/// <param name="Chosen">The level that is chosen.</param>
/// <param name="Zone">The practice's time zone.</param>
internal sealed record LevelChoice(string Question, HxPreview Preview, PrivacyLevel Chosen, DateTimeZone Zone)
{
    /// <summary>What a link shows of private appointments; null where it is not for a link.</summary>
    public PrivateAs? PrivateAs { get; init; }

    public static async Task<LevelChoice> ReadAsync(string question, PracticeDiaries diaries, Principal practitioner, PracticeGroup practice, PrivacyLevel chosen, PrivateAs? privateAs = null) =>
        new(question, await diaries.PreviewAsync(practitioner, practice), chosen, practice.Zone()) { PrivateAs = privateAs };
}
