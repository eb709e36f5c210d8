using ProviderBridge.Microsoft;

namespace ProviderBridge.Tests.Microsoft;

/// <summary>What Exchange adds to the words of an online meeting is left out, and nothing that a person wrote: <c>|</c> is the end of a line here, <c>_</c> one that is drawn.</summary>
public sealed class The_words_of_an_online_meeting
{
    private const string Join = "Microsoft Teams meeting|Join: https://teams.microsoft.com/l/meetup-join/1";
    private const string Channel = "https://teams.microsoft.com/l/channel/2";
    private const string Dial = "Dial in by phone|+61 2 1234|Meeting options: https://teams.microsoft.com/meetingOptions/1";

    [Theory]
    [InlineData($"_|{Join}|_", "")]
    [InlineData($"Bring X-rays|_|{Join}|_", "Bring X-rays")]
    [InlineData($"_|{Join}|_|Bring X-rays", "Bring X-rays")]
    [InlineData($"_|{Join}|_|{Dial}|_", "")]
    [InlineData($"Plan|_|Bring X-rays|_|{Join}|_", "Plan|_|Bring X-rays")]
    [InlineData($"Plan|_|Bring X-rays|_|{Join}|_|{Dial}|_", "Plan|_|Bring X-rays")]
    [InlineData($"Plan|_|Bring X-rays|_|Below|_|{Join}|_|Last", "Plan|_|Bring X-rays|_|Below|Last")]
    [InlineData($"_|{Join}|_|Bring X-rays|_|Last", "Bring X-rays|_|Last")]
    [InlineData($"Plan|_|As in https://teams.microsoft.com/l/channel/2|_|{Join}|_|{Dial}|_", "Plan|_|As in https://teams.microsoft.com/l/channel/2")]
    [InlineData($"See https://teams.microsoft.com/l/channel/2|_|{Join}|_", "See https://teams.microsoft.com/l/channel/2")]
    [InlineData($"Plan|_|Bring X-rays|_|{Join}", "Plan|_|Bring X-rays")]
    [InlineData($"Plan|_|{Join}|Bring X-rays", "Plan|Bring X-rays")]
    [InlineData($"_|{Join}|_|Bring X-rays, as in {Channel}|_|Last", "Bring X-rays, as in " + Channel + "|_|Last")]
    [InlineData($"_|{Join}|_|{Dial}|_|Bring X-rays, as in {Channel}|_|Last", "Bring X-rays, as in " + Channel + "|_|Last")]
    [InlineData($"_|Ours: {Channel}|_|{Join}|_", "_|Ours: " + Channel)]
    [InlineData($"Plan|_|{Join}|Bring X-rays, as in {Channel}", "Plan|Bring X-rays, as in " + Channel)]
    [InlineData("_|Microsoft Teams Need help?<https://aka.ms/JoinTeamsMeeting?omkt=en-US>|Join the meeting now<https://teams.microsoft.com/l/meetup-join/1>|_|For organizers: Meeting options<https://teams.microsoft.com/meetingOptions/?1>|_|Ours", "Ours")]
    [InlineData("_|Microsoft Teams-Besprechung|https://aus01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fteams.microsoft.com%2Fl%2Fmeetup-join%2F1|_|Ours", "Ours")]
    public void Are_without_how_to_join_it(string words, string left) => Assert.Equal(Lines(left), OnlineMeeting.Without(Lines(words)));

    [Theory]
    [InlineData("Bring X-rays")]
    [InlineData("Plan|_|Bring X-rays|_|Last")]
    [InlineData("Plan|_|Bring X-rays|See https://teams.microsoft.com/l/channel/2")]
    [InlineData("See https://teams.microsoft.com/l/channel/2|_|Bring X-rays|_|Last")]
    [InlineData("Plan|_|Microsoft Teams is down, ring them|Bring X-rays")]
    [InlineData($"{Join}|_|Bring X-rays")]
    [InlineData($"Plan|_|Bring X-rays, as in {Channel}|_|Last")]
    [InlineData($"Plan|_|Talk about Microsoft Teams, as in {Channel}|_|Last")]
    [InlineData($"Plan|_|Microsoft Teams: {Channel}|_|Last")]
    [InlineData($"Plan|_|Microsoft Teams: {Channel}|Bring X-rays")]
    [InlineData("Plan|_|Our weekly, https://teams.microsoft.com/l/meetup-join/2|_|Last")]
    public void Are_left_alone_where_that_is_not_clear(string words) => Assert.Equal(Lines(words), OnlineMeeting.Without(Lines(words)));

    private static string Lines(string words) => words.Replace("_", new string('_', 40), StringComparison.Ordinal).Replace('|', '\n');
}
