namespace Sandbox.Google.Events;

/// <summary>What PUT and PATCH share.</summary>
public static class Writes
{
    public static Reply Run(GoogleCall call, bool replace)
    {
        var calendar = call.Calendar();
        var before = calendar.Resolve(call.Route("eventId")) ?? throw Refusal.NotFound();
        Preconditions.Check(call, before);
        return Answers.Event(calendar, calendar.Write(before, call.Body, replace));
    }
}
