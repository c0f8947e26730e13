import { builtInLexicon } from '../create-lexicon.js';
import type { Lexicon } from '../lexicon.js';
import { words } from './words.js';

/** The two groups that the built-in gender lexicons tell apart. */
export type Gender = 'male' | 'female';

/** Male words and what each becomes when it is made neutral; an empty text: it is left out. */
const MALE: Readonly<Record<string, string>> = {
  man: 'person',
  men: 'people',
  boy: 'child',
  boys: 'children',
  male: '',
  males: 'people',
  guy: 'person',
  guys: 'people',
  dude: 'person',
  dudes: 'people',
  bloke: 'person',
  blokes: 'people',
  lad: 'child',
  lads: 'children',
  gentleman: 'person',
  gentlemen: 'people',
  father: 'parent',
  fathers: 'parents',
  dad: 'parent',
  dads: 'parents',
  daddy: 'parent',
  papa: 'parent',
  grandfather: 'grandparent',
  grandfathers: 'grandparents',
  grandpa: 'grandparent',
  grandad: 'grandparent',
  granddad: 'grandparent',
  son: 'child',
  sons: 'children',
  grandson: 'grandchild',
  grandsons: 'grandchildren',
  brother: 'sibling',
  brothers: 'siblings',
  uncle: 'relative',
  uncles: 'relatives',
  nephew: 'relative',
  nephews: 'relatives',
  husband: 'spouse',
  husbands: 'spouses',
  boyfriend: 'partner',
  boyfriends: 'partners',
  groom: 'newlywed',
  grooms: 'newlyweds',
  bridegroom: 'newlywed',
  groomsman: 'wedding guest',
  groomsmen: 'wedding guests',
  king: 'monarch',
  kings: 'monarchs',
  prince: 'person',
  princes: 'people',
  monk: 'person',
  monks: 'people',
  actor: 'performer',
  actors: 'performers',
  waiter: 'server',
  waiters: 'servers',
  policeman: 'police officer',
  policemen: 'police officers',
  fireman: 'firefighter',
  firemen: 'firefighters',
  businessman: 'businessperson',
  businessmen: 'businesspeople',
  fisherman: 'fisher',
  fishermen: 'fishers',
  workman: 'worker',
  workmen: 'workers',
  salesman: 'salesperson',
  salesmen: 'salespeople',
  sportsman: 'athlete',
  sportsmen: 'athletes',
  horseman: 'rider',
  horsemen: 'riders',
  cameraman: 'camera operator',
  cameramen: 'camera operators',
  mailman: 'mail carrier',
  postman: 'mail carrier',
  repairman: 'repairer',
  serviceman: 'soldier',
  servicemen: 'soldiers',
  craftsman: 'artisan',
  craftsmen: 'artisans',
  handyman: 'handyperson',
  cowboy: 'rider',
  cowboys: 'riders',
  schoolboy: 'student',
  schoolboys: 'students',
  'boy scout': 'scout',
  'boy scouts': 'scouts',
  he: 'they',
  him: 'them',
  his: 'their',
  himself: 'themselves',
};

/** Female words, likewise. `her` is a possessive or an object; the rewriter tells which. */
const FEMALE: Readonly<Record<string, string>> = {
  woman: 'person',
  women: 'people',
  girl: 'child',
  girls: 'children',
  female: '',
  females: 'people',
  lady: 'person',
  ladies: 'people',
  gal: 'person',
  gals: 'people',
  lass: 'child',
  mother: 'parent',
  mothers: 'parents',
  mom: 'parent',
  moms: 'parents',
  mommy: 'parent',
  mum: 'parent',
  mums: 'parents',
  mama: 'parent',
  grandmother: 'grandparent',
  grandmothers: 'grandparents',
  grandma: 'grandparent',
  granny: 'grandparent',
  daughter: 'child',
  daughters: 'children',
  granddaughter: 'grandchild',
  granddaughters: 'grandchildren',
  sister: 'sibling',
  sisters: 'siblings',
  aunt: 'relative',
  aunts: 'relatives',
  niece: 'relative',
  nieces: 'relatives',
  wife: 'spouse',
  wives: 'spouses',
  girlfriend: 'partner',
  girlfriends: 'partners',
  bride: 'newlywed',
  brides: 'newlyweds',
  bridesmaid: 'wedding guest',
  bridesmaids: 'wedding guests',
  queen: 'monarch',
  queens: 'monarchs',
  princess: 'person',
  princesses: 'people',
  nun: 'person',
  nuns: 'people',
  actress: 'performer',
  actresses: 'performers',
  waitress: 'server',
  waitresses: 'servers',
  hostess: 'host',
  ballerina: 'ballet dancer',
  ballerinas: 'ballet dancers',
  policewoman: 'police officer',
  policewomen: 'police officers',
  businesswoman: 'businessperson',
  businesswomen: 'businesspeople',
  sportswoman: 'athlete',
  sportswomen: 'athletes',
  horsewoman: 'rider',
  cowgirl: 'rider',
  cowgirls: 'riders',
  schoolgirl: 'student',
  schoolgirls: 'students',
  'girl scout': 'scout',
  'girl scouts': 'scouts',
  she: 'they',
  her: 'their',
  hers: 'theirs',
  herself: 'themselves',
};

/** Words for people that name neither group. */
const NEUTRAL = words(`
  person persons people human humans individual individuals someone somebody anyone everybody everyone
  child children kid kids toddler toddlers baby babies infant infants newborn newborns youngster youngsters youth youths teen teens
  teenager teenagers preteen tween adolescent adolescents adult adults grownup grownups senior seniors
  parent parents grandparent grandparents grandchild grandchildren sibling siblings twin twins relative relatives spouse spouses
  partner partners family families couple couples friend friends buddy buddies pal pals companion companions newlywed newlyweds scout scouts
  they them their theirs themselves themself
  crowd crowds group groups team teams crew crews audience audiences gang pair trio band bands
  player players athlete athletes teammate teammates opponent opponents coach coaches referee referees umpire umpires
  goalie goalkeeper batter pitcher catcher runner runners jogger joggers racer racers swimmer swimmers diver divers surfer surfers
  skier skiers snowboarder snowboarders skateboarder skateboarders skater skaters rollerblader rollerbladers boarder boarders
  biker bikers cyclist cyclists bicyclist bicyclists motorcyclist motorcyclists rider riders jockey jockeys driver drivers
  hiker hikers climber climbers camper campers walker walkers pedestrian pedestrians passenger passengers commuter commuters
  traveler travelers traveller travellers tourist tourists visitor visitors spectator spectators onlooker onlookers bystander bystanders fan fans
  wrestler wrestlers boxer boxers fighter fighters gymnast gymnasts acrobat acrobats cheerleader cheerleaders wakeboarder wakeboarders
  kayaker kayakers canoeist rower rowers sailor sailors fisher fishers hunter hunters golfer golfers bowler bowlers
  dancer dancers performer performers singer singers musician musicians guitarist guitarists drummer drummers artist artists painter painters
  clown clowns entertainer entertainers model models photographer photographers
  worker workers employee employees builder builders carpenter carpenters plumber mechanic mechanics technician technicians
  chef chefs cook cooks baker bakers server servers bartender bartenders barista vendor vendors seller sellers shopkeeper shopper shoppers
  customer customers businessperson businesspeople salesperson salespeople manager managers owner owners officer officers
  cop cops guard guards soldier soldiers firefighter firefighters paramedic lifeguard lifeguards pilot pilots
  doctor doctors nurse nurses surgeon dentist patient patients teacher teachers student students pupil pupils
  scientist scientists farmer farmers rancher priest priests monarch monarchs host hosts guest guests
  citizen citizens neighbor neighbors stranger strangers protester protesters protestor protestors participant participants
  member members leader leaders speaker speakers hipster hipsters
`);

/** Phrases with a word of the lists that speak of no man or woman. */
const EXCLUDED = [
  "no man's land",
  'man made',
  'man-made',
  'man cave',
  'gingerbread man',
  'snow man',
  'iron man',
  'lady bug',
  'lady bugs',
  'king size',
  'king-size',
  'king-sized',
  'king bed',
  'king crab',
  'king penguin',
  'king penguins',
  'queen size',
  'queen-size',
  'queen-sized',
  'queen bed',
  'cowboy hat',
  'cowboy hats',
  'cowboy boots',
  'burger king',
  'dairy queen',
];

/**
 * English words for men, boys, women and girls, for their pronouns, and for people whose gender is not named. They tell how a
 * caption speaks of people, not who these are.
 */
export const GENDER_EN: Lexicon<Gender> = /* @__PURE__ */ builtInLexicon<Gender>({
  name: 'gender-en',
  version: '1.0.0',
  attribute: 'gender',
  language: 'en',
  source:
    'Written for captioneer from general knowledge of English and the words that captions of photographs use; includes the lists of Hendricks et al. 2018 but for the name "obama" and the misspelt "mans".',
  groups: { male: Object.keys(MALE), female: Object.keys(FEMALE) },
  neutral: NEUTRAL,
  excluded: EXCLUDED,
  counterparts: { ...MALE, ...FEMALE },
});
